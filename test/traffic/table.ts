import { type Aspect, aspects } from './compare.ts';
import { type Deliberate, deliberate } from './deliberate.ts';
import type { ComparedCase } from './run.ts';

/** One difference, and whether it is meant. */
export interface JudgedDifference {
  readonly name: string;
  readonly number: number;
  readonly aspect: Aspect;
  readonly mailman: string;
  readonly ferryman: string;
  readonly meant: Deliberate | undefined;
}

export function judge(cases: readonly ComparedCase[]): JudgedDifference[] {
  return cases.flatMap(({ name, number, comparison }) =>
    [...comparison].flatMap(([aspect, difference]) =>
      difference === undefined
        ? []
        : [{ name, number, aspect, ...difference, meant: meaningOf(number, aspect) }],
    ),
  );
}

function meaningOf(number: number, aspect: Aspect): Deliberate | undefined {
  return deliberate.find((one) => one.cases.includes(number) && one.aspects.includes(aspect));
}

/** What the table of deliberate differences names and the traffic does not show, as `137 notices`. */
export function unseen(differences: readonly JudgedDifference[]): string[] {
  const seen = new Set(differences.map(({ number, aspect }) => `${number} ${aspect}`));
  return deliberate
    .flatMap((one) => one.cases.flatMap((number) => one.aspects.map((aspect) => `${number} ${aspect}`)))
    .filter((entry) => !seen.has(entry));
}

/** How many cases are equal, different on purpose, and different by mistake, in each aspect and in all together. */
export function summary(cases: readonly ComparedCase[], differences: readonly JudgedDifference[]): string[] {
  const row = (label: string, ...numbers: readonly (number | string)[]): string =>
    `${label.padEnd(12)}${numbers.map((number) => String(number).padStart(12)).join('')}`;
  const count = (those: readonly JudgedDifference[]): [number, number] => {
    const meant = new Set(those.filter((one) => one.meant).map(({ number }) => number));
    const wrong = new Set(those.filter((one) => !one.meant).map(({ number }) => number));
    return [meant.difference(wrong).size, wrong.size];
  };
  const rows = aspects.map((aspect) => {
    const compared = cases.filter(({ comparison }) => comparison.has(aspect)).length;
    const [meant, wrong] = count(differences.filter((one) => one.aspect === aspect));
    return row(aspect, compared, compared - meant - wrong, meant, wrong);
  });
  const [meant, wrong] = count(differences);
  return [
    row('', 'compared', 'equal', 'deliberate', 'different'),
    ...rows,
    row('cases', cases.length, cases.length - meant - wrong, meant, wrong),
  ];
}

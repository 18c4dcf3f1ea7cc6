import { type Aspect, type Compared, compare, type Difference } from './compare.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explained.ts';
import type { AwkwardMail } from './mails.ts';
import type { Run } from './observation.ts';

/** How often an aspect was compared, and how it came out. */
export interface Tally {
  equal: number;
  explained: number;
  different: number;
}

/** The outcome of the whole comparison. */
export interface Verdict {
  readonly cases: number;
  readonly tallies: ReadonlyMap<Aspect, Tally>;
  readonly unexplained: readonly Difference[];
  /** In how many comparisons each was needed. */
  readonly used: ReadonlyMap<Explanation, number>;
}

/** @throws Error where the two runs are not about the same mails to the same lists */
export function judge(theirs: Run, ours: Run, mails: readonly AwkwardMail[]): Verdict {
  const originals = new Map(mails.map(({ name, content }) => [name, content.toString('latin1')]));
  const tallies = new Map<Aspect, Tally>();
  const unexplained: Difference[] = [];
  const used = new Map<Explanation, number>();
  for (const [index, observation] of theirs.observations.entries()) {
    const { mail, list } = observation;
    const other = ours.observations[index];
    const original = originals.get(mail);
    if (original === undefined || other?.mail !== mail || other.list !== list)
      throw new Error(`The runs differ in what was sent: ${mail} to ${list}`);
    for (const compared of compare(observation, other, original)) {
      const reasons = reasonsFor(compared, unexplained);
      count(tallies, compared, reasons);
      for (const reason of reasons ?? []) used.set(reason, (used.get(reason) ?? 0) + 1);
    }
  }
  return { cases: theirs.observations.length, tallies, unexplained, used };
}

/** Undefined where a difference is left, which goes to `unexplained`. */
function reasonsFor(
  { differences }: Compared,
  unexplained: Difference[],
): ReadonlySet<Explanation> | undefined {
  const reasons = differences.map((difference) => {
    const found = explain(difference);
    if (!found) unexplained.push(difference);
    return found;
  });
  return reasons.includes(undefined) ? undefined : new Set(reasons.flatMap((found) => found ?? []));
}

function count(
  tallies: Map<Aspect, Tally>,
  { aspect, differences }: Compared,
  reasons: ReadonlySet<Explanation> | undefined,
): void {
  const tally = tallies.get(aspect) ?? { equal: 0, explained: 0, different: 0 };
  tallies.set(aspect, tally);
  if (differences.length === 0) tally.equal += 1;
  else if (reasons) tally.explained += 1;
  else tally.different += 1;
}

/** The verdict as a table. */
export function table({ cases, tallies, used, unexplained }: Verdict): string {
  const rows = [...tallies].map(([aspect, { equal, explained, different }]) => [
    aspect,
    ...[equal, explained, different].map(String),
  ]);
  const lines = [['', 'equal', 'explained', 'different'], ...rows].map(([name = '', ...numbers]) =>
    [name.padEnd(12), ...numbers.map((number) => number.padStart(10))].join(''),
  );
  const reasons = new Map<string, number>();
  for (const [{ documented }, times] of used) reasons.set(documented, (reasons.get(documented) ?? 0) + times);
  const listed = [...reasons].sort(([, one], [, other]) => other - one);
  return [
    `${cases} mails, each to one list; what was compared of them:`,
    '',
    ...lines,
    '',
    'Explained in docs/differences.md, by what Mailman 3 does:',
    ...listed.map(([documented, times]) => `${String(times).padStart(6)}  ${documented}`),
    ...unexplained.map(describe),
    '',
  ].join('\n');
}

/** A difference as people read it. */
export function describe({ mail, list, kind, aspect, header, mailman, ferryman }: Difference): string {
  return `\n${mail} to ${list}: ${kind} ${aspect} ${header}\n  Mailman 3: ${JSON.stringify(mailman)}\n  Ferryman:  ${JSON.stringify(ferryman)}`;
}

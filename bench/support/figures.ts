/** A figure as measured, and what it is measured against. */
export interface Figure {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: number;
  readonly against: { readonly name: string; readonly value: number } | undefined;
  /** Of a time: what the processors worked meanwhile. On a busy machine its ratio is the steadier one. */
  readonly cpu?: { readonly ours: number; readonly against: number | undefined };
  readonly target: Target | undefined;
  /** How it was measured and what limits it, for people. */
  readonly note?: string;
}

/** Of what less is better, but for `perSecond`. */
export type Unit = 'seconds' | 'bytes' | 'count' | 'perSecond';

/** What the figure has to reach. */
export type Target =
  | { readonly kind: 'timesFaster'; readonly atLeast: number }
  | { readonly kind: 'timesAsLong'; readonly atMost: number }
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'atMost'; readonly limit: number };

/** A figure with its verdict, as `--json` shows it. */
export interface Judged extends Figure {
  /** How many times better than the other we are; `undefined` without another. */
  readonly ratio: number | undefined;
  readonly met: boolean | undefined;
}

const MEGABYTE = 1e6;

/** The verdict on a figure. */
export function judge(figure: Figure): Judged {
  const { ours, against, unit, target } = figure;
  const ratio = against && (unit === 'perSecond' ? ours / against.value : against.value / ours);
  return { ...figure, ratio, met: target && isMet(ours, ratio, target) };
}

function isMet(ours: number, ratio: number | undefined, target: Target): boolean {
  if (target.kind === 'below') return ours < target.limit;
  if (target.kind === 'atMost') return ours <= target.limit;
  if (ratio === undefined) return false;
  return target.kind === 'timesFaster' ? ratio >= target.atLeast : 1 / ratio <= target.atMost;
}

/** The figures as a table, aligned. */
export function table(figures: readonly Judged[]): string {
  const head = ['', 'Ferryman', 'against', '', 'ratio', 'by CPU time', 'target', ''];
  const rows = [head, ...figures.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number) => column === 1 || column === 3;
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (isNumber(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const notes = figures.flatMap(({ note }) => (note === undefined ? [] : [`\n${note}\n`]));
  return `${rows.map(line).join('\n')}\n${notes.join('')}`;
}

function cells(figure: Judged): string[] {
  const { what, unit, ours, against, ratio, cpu, target, met } = figure;
  return [
    what,
    quantity(ours, unit),
    against?.name ?? '',
    against ? quantity(against.value, unit) : '',
    ratioText(ratio, unit),
    cpu?.against === undefined ? '' : rounded(cpu.against / cpu.ours),
    targetText(target, unit),
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function quantity(value: number, unit: Unit): string {
  if (unit === 'bytes') return `${(value / MEGABYTE).toFixed(0)} MB`;
  if (unit === 'count') return String(value);
  if (unit === 'perSecond') return `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`;
  return value < 10 ? `${value.toFixed(3)} s` : `${value.toFixed(1)} s`;
}

function ratioText(ratio: number | undefined, unit: Unit): string {
  if (ratio === undefined || unit === 'count') return '';
  if (unit === 'bytes') return `${rounded(1 / ratio)} times as much`;
  if (unit === 'perSecond') return `${rounded(ratio)} times as many`;
  return ratio < 1 ? `${rounded(1 / ratio)} times as long` : `${rounded(ratio)} times faster`;
}

function rounded(ratio: number): string {
  if (ratio < 1) return `1/${rounded(1 / ratio)}`;
  return ratio < 20 ? ratio.toFixed(1) : ratio.toFixed(0);
}

function targetText(target: Target | undefined, unit: Unit): string {
  if (!target) return '';
  if (target.kind === 'below') return `below ${quantity(target.limit, unit)}`;
  if (target.kind === 'atMost') return `at most ${quantity(target.limit, unit)}`;
  if (unit === 'bytes' && target.kind === 'timesAsLong')
    return `at most ${rounded(target.atMost)} times as much`;
  if (target.kind === 'timesAsLong') return `at most ${target.atMost} times as long`;
  if (unit === 'perSecond') return `${rounded(target.atLeast)} times as many`;
  return `${target.atLeast} times faster`;
}

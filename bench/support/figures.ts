/** A figure as measured, and what it is measured against. */
export interface Figure {
  readonly what: string;
  readonly unit: 'seconds' | 'bytes';
  readonly ours: number;
  readonly against: { readonly name: string; readonly value: number } | undefined;
  /** Of a time: what the processors worked meanwhile. On a busy machine its ratio is the steadier one. */
  readonly cpu?: { readonly ours: number; readonly against: number | undefined };
  readonly target: Target | undefined;
}

/** What the figure has to reach. */
export type Target =
  | { readonly kind: 'timesFaster'; readonly atLeast: number }
  | { readonly kind: 'timesAsLong'; readonly atMost: number }
  | { readonly kind: 'below'; readonly bytes: number };

/** A figure with its verdict, as `--json` shows it. */
export interface Judged extends Figure {
  /** How many times the other takes what we take; `undefined` without another. */
  readonly ratio: number | undefined;
  readonly met: boolean | undefined;
}

const MEGABYTE = 1e6;

/** The verdict on a figure. */
export function judge(figure: Figure): Judged {
  const ratio = figure.against && figure.against.value / figure.ours;
  return { ...figure, ratio, met: figure.target && isMet(figure.ours, ratio, figure.target) };
}

function isMet(ours: number, ratio: number | undefined, target: Target): boolean {
  if (target.kind === 'below') return ours < target.bytes;
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
  return `${rows.map(line).join('\n')}\n`;
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
    targetText(target),
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function quantity(value: number, unit: Figure['unit']): string {
  if (unit === 'bytes') return `${(value / MEGABYTE).toFixed(0)} MB`;
  return value < 10 ? `${value.toFixed(3)} s` : `${value.toFixed(1)} s`;
}

function ratioText(ratio: number | undefined, unit: Figure['unit']): string {
  if (ratio === undefined) return '';
  if (unit === 'bytes') return `${rounded(1 / ratio)} times as much`;
  return ratio < 1 ? `${rounded(1 / ratio)} times as long` : `${rounded(ratio)} times faster`;
}

function rounded(ratio: number): string {
  if (ratio < 1) return `1/${rounded(1 / ratio)}`;
  return ratio < 20 ? ratio.toFixed(1) : ratio.toFixed(0);
}

function targetText(target: Target | undefined): string {
  if (!target) return '';
  if (target.kind === 'below') return `below ${target.bytes / MEGABYTE} MB`;
  return target.kind === 'timesFaster'
    ? `${target.atLeast} times faster`
    : `at most ${target.atMost} times as long`;
}

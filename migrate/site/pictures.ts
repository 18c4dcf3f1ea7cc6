import { escapeHtml } from './html.ts';

/** A bar of a picture. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** As it is written beside the bar. */
  readonly shown: string;
}

const WIDTH = 640;
const LINE = 22;
const LABEL = 230;
const ROOM_FOR_VALUE = 90;

/** Horizontal bars, the largest first; those beyond `most` are summed up in one. An SVG with a title for readers. */
export function barPicture(
  title: string,
  bars: readonly Bar[],
  show: (value: number) => string,
  most = 15,
): string {
  const sorted = [...bars].filter(({ value }) => value > 0).sort((one, other) => other.value - one.value);
  const shown = sorted.slice(0, most);
  const rest = sorted.slice(most).reduce((sum, { value }) => sum + value, 0);
  if (rest > 0) shown.push({ label: `${sorted.length - most} more`, value: rest, shown: show(rest) });
  if (shown.length === 0) return '';
  const largest = Math.max(...shown.map(({ value }) => value));
  const scale = (WIDTH - LABEL - ROOM_FOR_VALUE) / largest;
  const height = shown.length * LINE + 4;
  const lines = shown.map(({ label, value, shown: text }, index) => {
    const y = index * LINE + 2;
    const length = Math.max(1, value * scale).toFixed(1);
    return (
      `<text x="${LABEL - 8}" y="${y + 15}" text-anchor="end">${escapeHtml(shorten(label))}</text>` +
      `<rect x="${LABEL}" y="${y + 2}" width="${length}" height="${LINE - 6}" rx="2"/>` +
      `<text x="${(LABEL + Number(length) + 6).toFixed(1)}" y="${y + 15}" class="value">${escapeHtml(text)}</text>`
    );
  });
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><svg role="img" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"><title>${escapeHtml(title)}</title>${lines.join('')}</svg></figure>`;
}

function shorten(label: string): string {
  const characters = [...label];
  return characters.length > 32 ? `${characters.slice(0, 31).join('')}…` : label;
}

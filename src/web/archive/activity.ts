import type { MonthCount } from '../../archiving/store/types.ts';
import { type Html, html } from '../html.ts';
import type { Speaker } from '../texts/index.ts';

const WIDTH = 480;
const HEIGHT = 128;
/** Where the bars stand. */
const BASE = 106;
/** Room above them for the largest number. */
const TOP = 20;
/** What the four digits of a year take. */
const YEAR_WIDTH = 38;
/** Months beyond this are shown by year. */
const MAX_MONTHS = 360;

interface Bar {
  readonly year: number;
  readonly messages: number;
}

/**
 * The activity of a list as a picture: a bar for each month, years below. What it shows stands in its description, and
 * month by month on a page of its own.
 */
export function activityPicture(months: readonly MonthCount[], say: Speaker): Html | undefined {
  const bars = barsOf(months);
  const top = Math.max(...bars.map(({ messages }) => messages));
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last || top < 1) return undefined;
  const step = WIDTH / Math.max(bars.length, 24);
  const gap = step > 4 ? 1 : step / 5;
  const path = bars
    .map(({ messages }, index) => {
      if (messages === 0) return '';
      const height = Math.max(1.5, (messages / top) * (BASE - TOP));
      return `M${round(index * step)} ${BASE}v-${round(height)}h${round(step - gap)}v${round(height)}z`;
    })
    .join('');
  const total = months.reduce((sum, { messages }) => sum + messages, 0);
  const label = `${say('list_activity')}: ${say.month(first.year, first.month)} – ${say.month(last.year, last.month)}, ${say.count('messages', total)}`;
  return html`<svg class="activity" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMinYMid meet">
<path class="bars" d="${path}"/>
<path class="axis" d="M0 ${BASE}.5H${WIDTH}"/>
<text x="0" y="13">${say.number(top)}</text>
${yearMarks(bars, step)}</svg>`;
}

/** One bar for each month from the first to the last, the empty ones too; for each year where those are too many. */
function barsOf(months: readonly MonthCount[]): Bar[] {
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return [];
  const start = first.year * 12;
  const end = last.year * 12 + last.month;
  const isByYear = end - start > MAX_MONTHS;
  // Dates in mails can be absurd: what is far before all others gets no bar.
  const from = Math.max(start, isByYear ? end - MAX_MONTHS * 4 : start);
  const counts = new Map<number, number>();
  for (const { year, month, messages } of months) {
    const key = isByYear ? year : year * 12 + month - 1;
    counts.set(key, (counts.get(key) ?? 0) + messages);
  }
  const [begin, stop] = isByYear ? [Math.floor(from / 12), last.year + 1] : [from, end];
  return Array.from({ length: stop - begin }, (_, index) => {
    const key = begin + index;
    return { year: isByYear ? key : Math.floor(key / 12), messages: counts.get(key) ?? 0 };
  });
}

/** At most eight years are written, and none that would be cut off. */
function yearMarks(bars: readonly Bar[], step: number): Html[] {
  const starts = bars.flatMap(({ year }, index) => (bars[index - 1]?.year === year ? [] : [{ year, index }]));
  const every = Math.ceil(starts.length / 8);
  return starts
    .filter(({ index }, place) => place % every === 0 && index * step <= WIDTH - YEAR_WIDTH)
    .map(
      ({ year, index }) => html`<text x="${round(index * step)}" y="${HEIGHT - 5}">${String(year)}</text>\n`,
    );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

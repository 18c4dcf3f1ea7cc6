import { ASPECTS } from '../../../../compat/cutover/parity/aspects.ts';
import type { Replay, ReplayedPost } from './replay.ts';

/** What `ComparedPost.decision` says for what the recording says. */
export const DECISIONS: Readonly<Record<string, string>> = {
  accepted: 'accept',
  held: 'hold',
  rejected: 'reject',
  discarded: 'discard',
  shunted: 'failed',
};

/** How many posts are equal, better on purpose, and different, in each aspect and in all together. */
export function parityTable({ lists, posts }: Pick<Replay, 'lists' | 'posts'>): string[] {
  const row = (label: string, ...numbers: readonly (number | string)[]): string =>
    `${label.padEnd(12)}${numbers.map((number) => String(number).padStart(12)).join('')}`;
  const rows = ASPECTS.map((aspect) => {
    const sum = (key: 'compared' | 'equal' | 'improved' | 'different'): number =>
      lists.reduce((total, { aspects }) => total + aspects[aspect][key], 0);
    return row(aspect, sum('compared'), sum('equal'), sum('improved'), sum('different'));
  });
  const count = (state: string): number => posts.filter(({ compared }) => compared?.state === state).length;
  const counts = [count('equal'), count('improved'), count('different')];
  return [
    row('', 'compared', 'equal', 'improved', 'different'),
    ...rows,
    row('posts', posts.length, ...counts),
    `parity ${(((counts[0] ?? 0) + (counts[1] ?? 0)) / posts.length) * 100} %`,
  ];
}

/** Each difference in a line. */
export function differenceLines(posts: readonly ReplayedPost[]): string[] {
  return posts.flatMap(({ name, compared }) =>
    (compared?.differences ?? []).map(
      ({ aspect, header, mailman2, here, improvement }) =>
        `${name}: ${header ?? aspect} ${improvement === null ? `DIFFERENT ${mailman2} / ${here}` : `(${improvement})`}`,
    ),
  );
}

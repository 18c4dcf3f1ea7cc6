import { ASPECTS } from './aspects.ts';
import type { ComparedPost, Difference } from './compare.ts';
import type { ListParity } from './parity.ts';

/** Of one list; all are in `--json`. */
const MOST_SHOWN = 10;

const LONGEST_VALUE = 100;

/** Of what only a copy tells. */
export const NOT_COMPARED = 'not compared: no copy came to a listening address (docs/parity.md)';

/** The lines of the report for people. */
export function formatParity(parity: ListParity): string[] {
  const { list, posts, equal, improved, different, unknown, missing } = parity;
  if (posts === 0 && missing.length === 0) return [`${list}: no posts`];
  const parts = [
    `${equal} equal`,
    ...(improved > 0 ? [`${improved} better on purpose`] : []),
    ...(different > 0 ? [`${different} different`] : []),
    ...(unknown > 0 ? [`${unknown} not in Mailman 2's logs`] : []),
    ...(missing.length > 0 ? [`${missing.length} did not come here`] : []),
  ];
  return [
    `${list}: ${percentText(parity)}; of ${posts} posts ${parts.join(', ')}`,
    ...ASPECTS.flatMap((aspect) => {
      const { compared, equal: same, improved: better, different: wrong } = parity.aspects[aspect];
      if (compared === 0) return [`  ${aspect.padEnd(11)} ${NOT_COMPARED}`];
      const counts = [`${same} equal`, `${better} better`, `${wrong} different`];
      return [`  ${aspect.padEnd(11)} ${compared} compared: ${counts.join(', ')}`];
    }),
    ...Object.entries(parity.improvements).map(([reason, count]) => `  better: ${reason} (${count})`),
    ...shown(parity.details.filter(({ state }) => state === 'different')).flatMap(formatPost),
    ...shown(missing).map((messageId) => `  did not come here: ${messageId}`),
  ];
}

/** `parity 99.5 %` */
export function percentText({ percent }: Pick<ListParity, 'percent'>): string {
  return percent === null ? 'nothing to compare yet' : `parity ${percent} %`;
}

/** `subject: there "Hello", here "[Ant] Hello"` */
export function describeDifference({ aspect, header, mailman2, here, improvement }: Difference): string {
  const values = `there ${short(mailman2)}, here ${short(here)}`;
  return `${header ?? aspect}: ${values}${improvement === null ? '' : ` (${improvement})`}`;
}

function formatPost({ received_at, message_id, sender, differences }: ComparedPost): string[] {
  return [
    `  ${received_at.slice(0, 19)}Z ${message_id || 'without Message-ID'} from ${sender}`,
    ...differences.map((difference) => `    ${describeDifference(difference)}`),
  ];
}

function shown<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, MOST_SHOWN);
}

function short(value: string): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

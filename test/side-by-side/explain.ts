import type { Difference } from './compare.ts';
import type { Explanation } from './explained.ts';
import { explanations } from './explanations.ts';

/**
 * Why a difference is on purpose.
 * @returns the explanations that together account for it; undefined where something is left
 */
export function explain(difference: Difference): Explanation[] | undefined {
  let { mailman, ferryman } = difference;
  const used: Explanation[] = [];
  for (const explanation of explanations) {
    if (mailman === ferryman) break;
    if (!applies(explanation, difference)) continue;
    const theirs = explanation.theirs?.(mailman, difference) ?? mailman;
    const ours = explanation.ours?.(ferryman, difference) ?? ferryman;
    if (theirs === mailman && ours === ferryman) continue;
    used.push(explanation);
    [mailman, ferryman] = [theirs, ours];
  }
  return mailman === ferryman ? used : undefined;
}

function applies({ aspect, kind, header, lists, mails }: Explanation, difference: Difference): boolean {
  return (
    aspect === difference.aspect &&
    (kind ?? difference.kind) === difference.kind &&
    (header ?? difference.header) === difference.header &&
    (lists?.includes(difference.list) ?? true) &&
    (mails?.includes(difference.mail) ?? true)
  );
}

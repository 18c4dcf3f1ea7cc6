import type { Post } from '../post.ts';

/** Writes into the headers which rules hit and which missed. */
export function markRules({ message: { headers }, metadata }: Post): void {
  for (const [name, rules] of [
    ['X-Mailman-Rule-Hits', metadata.rule_hits],
    ['X-Mailman-Rule-Misses', metadata.rule_misses],
  ] as const) {
    headers.delete(name);
    if (rules && rules.length > 0) headers.append(name, rules.join('; '));
  }
}

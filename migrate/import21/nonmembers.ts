import { addressKey, isValidAddress } from '../../src/model/email-address.ts';
import type { Action } from '../../src/model/enums.ts';
import { type Pattern, tryCompilePattern } from '../../src/model/pattern.ts';
import type { Conversion } from './conversion.ts';
import { isUsableAddress } from './people.ts';

/** The lists in the order in which Mailman 2.1 looks at them, and what happens to posts of whom they name. */
const LISTS = [
  ['accept_these_nonmembers', 'defer'],
  ['hold_these_nonmembers', 'hold'],
  ['reject_these_nonmembers', 'reject'],
  ['discard_these_nonmembers', 'discard'],
] as const satisfies readonly (readonly [string, Action])[];

/**
 * What happens to posts of the nonmembers whose addresses stand in the four lists. The first list that names somebody
 * decides, be it by a regular expression.
 */
export function nonmemberActions(conversion: Conversion): ReadonlyMap<string, Action> {
  const lists = LISTS.map(([key, action]) => ({ action, entries: entriesAt(conversion, key) }));
  const patterns = lists.map(({ action, entries }) => ({ action, patterns: compileAll(entries) }));
  const found = new Map<string, { readonly address: string; readonly action: Action }>();
  for (const [rank, { action, entries }] of lists.entries()) {
    for (const address of entries) {
      const key = addressKey(address);
      if (found.has(key) || !isValidAddress(address) || !isUsableAddress(address)) continue;
      const earlier = patterns
        .slice(0, rank)
        .find((list) => list.patterns.some((pattern) => pattern.test(key)));
      found.set(key, { address, action: earlier?.action ?? action });
    }
  }
  return new Map([...found.values()].map(({ address, action }) => [address, action]));
}

function entriesAt({ config, texts }: Conversion, key: string): readonly string[] {
  const value = config.get(key);
  if (!Array.isArray(value)) return [];
  return value.map((entry) => texts.read(entry, key)).filter((entry) => entry !== undefined);
}

function compileAll(entries: readonly string[]): readonly Pattern[] {
  return entries
    .filter((entry) => entry.startsWith('^'))
    .map(tryCompilePattern)
    .filter((pattern) => pattern !== undefined);
}

import { isValidAddress } from '../../src/model/email-address.ts';
import { subAddresses } from '../../src/model/list-addresses.ts';
import { listIdOf, parsePostingAddress } from '../../src/model/mailing-list.ts';
import type { Finding } from './findings.ts';

/** A list and where it goes. */
interface Target {
  readonly name: string;
  readonly address: string;
}

/**
 * Names that get into each other's way: two lists for one address or List-Id, a list whose name is an address of
 * another, and names that cannot be had here.
 * @param nameCharacters a character class, as `[mailman] listname_chars`
 */
export function nameClashes(targets: readonly Target[], nameCharacters: string): Finding[] {
  const findings: Finding[] = [];
  const legal = new RegExp(`^(?:${nameCharacters})+$`);
  const byId = Map.groupBy(targets, ({ address }) => {
    const name = parsePostingAddress(address);
    return name ? listIdOf(name) : address;
  });
  for (const [listId, lists] of byId) {
    if (lists.length < 2) continue;
    const names = lists.map(({ name, address }) => `${name} (${address})`).join(', ');
    for (const { name } of lists)
      findings.push(decision(name, 'name', `has the List-Id ${listId} together with others: ${names}`));
  }
  const addresses = new Map(targets.map(({ name, address }) => [address, name]));
  for (const { name, address } of targets) {
    const parsed = parsePostingAddress(address);
    const local = parsed?.listName ?? name;
    if (!legal.test(local) || !isValidAddress(address))
      findings.push(
        decision(name, 'name', 'cannot be the name of a list here; see [mailman] listname_chars'),
      );
    const suffix = Object.keys(subAddresses).find((word) => local.endsWith(`-${word}`));
    if (suffix === undefined) continue;
    const base = `${local.slice(0, -suffix.length - 1)}@${parsed?.mailHost ?? ''}`;
    const other = addresses.get(base);
    findings.push(
      other === undefined
        ? {
            kind: 'change',
            list: name,
            subject: 'name',
            text: `ends in -${suffix}: mail to ${address} is for this list, also if a list ${base} is made one day`,
          }
        : decision(
            name,
            'name',
            `${address} is also the -${suffix} address of ${other}; this list gets the mail`,
          ),
    );
  }
  return findings;
}

function decision(list: string, subject: string, text: string): Finding {
  return { kind: 'decision', list, subject, text };
}

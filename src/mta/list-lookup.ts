import type { Config } from '../config/index.ts';
import type { Connection } from '../database/handle.ts';
import { findListNames, findMailHost, listIdsByName } from '../database/list-names.ts';
import type { AddressStage } from '../model/cutover.ts';
import { addressKey } from '../model/email-address.ts';
import { loopAddress, type Reading, readings } from './recipient.ts';

/** An address that belongs to a list. */
export interface FoundRecipient {
  readonly listId: string;
  readonly reading: Reading;
  /** Named by the address of a list that is moving away from Mailman 2. */
  readonly stage: AddressStage | undefined;
  /** Mailman 2.1's end of all loops: what comes there is taken and dropped. */
  readonly isLoop?: true;
}

/** What an address is looked up with. */
export interface AddressForm {
  /** `[mta] verp_delimiter` */
  readonly delimiter: string;
  /** `[legacy] site_list` */
  readonly siteList: string;
}

/** That of a server with this configuration. */
export function addressForm({ mta, legacy }: Pick<Config, 'mta' | 'legacy'>): AddressForm {
  return { delimiter: mta.verp_delimiter, siteList: legacy.site_list };
}

/** Octets of the longest local part of a list: its name, what its address is for, and a member's address (VERP). */
const LONGEST_LOCAL_PART = 1000;

/** Characters of the longest name of a list. */
const LONGEST_NAME = 255;

/** How long a found address is believed without asking the database, in milliseconds. */
const BELIEVED_MS = 1000;

/** Found addresses that are kept. VERP and confirmation addresses come once each, so this need not be large. */
const MAX_KEPT = 2000;

/**
 * Finds the lists of addresses. What was found is believed for a second, so that a flood to one list does not ask
 * the database each time; what was not found is asked for every time, so that a new list gets mail at once.
 */
export class ListLookup {
  readonly #connection: Connection;
  readonly #delimiter: string;
  readonly #siteListName: string;
  readonly #kept = new Map<string, { readonly found: FoundRecipient; readonly until: number }>();

  constructor(connection: Connection, { delimiter, siteList }: AddressForm) {
    this.#connection = connection;
    this.#delimiter = delimiter;
    this.#siteListName = siteList.toLowerCase();
  }

  /** The list that an address belongs to; undefined where there is none. */
  async find(address: string): Promise<FoundRecipient | undefined> {
    const key = addressKey(address);
    const kept = this.#kept.get(key);
    if (kept && kept.until > performance.now()) return kept.found;
    const found = await this.#ask(key);
    this.#kept.delete(key);
    if (found) this.#keep(key, found);
    return found;
  }

  async #ask(key: string): Promise<FoundRecipient | undefined> {
    const at = key.lastIndexOf('@');
    // Each delimiter is another way to read it: what is longer than any address would only keep the server busy.
    if (at < 1 || at > LONGEST_LOCAL_PART) return undefined;
    const domain = await findMailHost(this.#connection, key.slice(at + 1));
    if (!domain) return undefined;
    const possible = readings(key.slice(0, at), this.#delimiter);
    const names = [...new Set(possible.map(({ listName }) => listName))].filter(
      ({ length }) => length <= LONGEST_NAME,
    );
    const known = await findListNames(this.#connection, names, domain.mailHost);
    for (const reading of possible) {
      const listId = known.get(reading.listName);
      if (listId !== undefined) return { listId, reading, stage: domain.stage };
    }
    return this.#siteList(possible, domain.stage);
  }

  /** The site list of Mailman 2.1 is at one domain, and its addresses are good at all of them (mailman21.md 3.1). */
  async #siteList(
    possible: readonly Reading[],
    stage: FoundRecipient['stage'],
  ): Promise<FoundRecipient | undefined> {
    const name = this.#siteListName;
    const loop = possible.find(({ listName }) => listName === loopAddress(name));
    const reading = loop ?? possible.find(({ listName }) => listName === name);
    if (!reading) return undefined;
    const [listId, ...others] = await listIdsByName(this.#connection, name);
    if (listId === undefined) return undefined;
    if (loop) return { listId, reading, stage, isLoop: true };
    return others.length > 0 ? undefined : { listId, reading, stage };
  }

  #keep(key: string, found: FoundRecipient): void {
    if (this.#kept.size >= MAX_KEPT) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(key, { found, until: performance.now() + BELIEVED_MS });
  }
}

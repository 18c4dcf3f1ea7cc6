import type { Connection } from '../database/handle.ts';
import { findListNames, findMailHost, listIdsByName } from '../database/list-names.ts';
import type { AddressStage } from '../model/cutover.ts';
import { addressKey } from '../model/email-address.ts';
import { type Reading, readings } from './recipient.ts';

/** An address that belongs to a list. */
export interface FoundRecipient {
  readonly listId: string;
  readonly reading: Reading;
  /** Named by the address of a list that is moving away from Mailman 2. */
  readonly stage: AddressStage | undefined;
}

/** How long a found address is believed without asking the database, in milliseconds. */
const BELIEVED_MS = 1000;

/** What Mailman 2.1 calls the site list, unless MAILMAN_SITE_LIST says otherwise. */
const SITE_LIST = 'mailman';

/** Found addresses that are kept. VERP and confirmation addresses come once each, so this need not be large. */
const MAX_KEPT = 2000;

/**
 * Finds the lists of addresses. What was found is believed for a second, so that a flood to one list does not ask
 * the database each time; what was not found is asked for every time, so that a new list gets mail at once.
 */
export class ListLookup {
  readonly #connection: Connection;
  readonly #delimiter: string;
  readonly #kept = new Map<string, { readonly found: FoundRecipient; readonly until: number }>();

  /** @param delimiter `[mta] verp_delimiter` */
  constructor(connection: Connection, delimiter: string) {
    this.#connection = connection;
    this.#delimiter = delimiter;
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
    if (at < 1) return undefined;
    const domain = await findMailHost(this.#connection, key.slice(at + 1));
    if (!domain) return undefined;
    const possible = readings(key.slice(0, at), this.#delimiter);
    const names = [...new Set(possible.map(({ listName }) => listName))];
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
    const reading = possible.find(({ listName }) => listName === SITE_LIST);
    if (!reading) return undefined;
    const [listId, ...others] = await listIdsByName(this.#connection, SITE_LIST);
    return listId === undefined || others.length > 0 ? undefined : { listId, reading, stage };
  }

  #keep(key: string, found: FoundRecipient): void {
    if (this.#kept.size >= MAX_KEPT) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(key, { found, until: performance.now() + BELIEVED_MS });
  }
}

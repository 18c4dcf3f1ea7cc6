import { articleName } from '../../src/archiving/legacy/volumes.ts';
import type { PageTable } from './page-table.ts';

/** The pages that a message has in the old archive. */
export interface MatchedPages {
  readonly number: number;
  /** Paths below the folder of the archive. */
  readonly paths: readonly string[];
  /** The Message-ID that Mailman made up for a message without one. */
  readonly madeUpId: string | undefined;
}

/**
 * Tells which pages belong to a message, while the mbox is read from its beginning to its end. Pages and messages mostly
 * go side by side, number by number; where they do not (messages taken out of the mbox, an archive that began before
 * it), the Message-ID finds the place again. Of messages with the same Message-ID, the first has the first page. A
 * message without one has the page whose turn it is.
 */
export class PageMatcher {
  readonly #pages: PageTable;
  /** What to add to the place of a message in the mbox for its number. */
  #shift: number;

  /** @param shift what `shift` was where the reading goes on */
  constructor(pages: PageTable, shift = 0) {
    this.#pages = pages;
    this.#shift = shift;
  }

  get shift(): number {
    return this.#shift;
  }

  /**
   * @param place how many messages stand before it in the mbox, counted as Mailman counts
   * @param messageId bare, undefined where it has none
   */
  match(place: number, messageId: string | undefined): MatchedPages | undefined {
    const expected = this.#pages.withNumber(place + this.#shift);
    const found = messageId === undefined ? this.#unclaimed(expected) : this.#named(expected, messageId);
    const first = found[0];
    if (first === undefined) return undefined;
    const number = this.#pages.number(first);
    this.#shift = number - place;
    for (const page of found) this.#pages.use(page);
    return {
      number,
      paths: found.map((page) => `${this.#pages.volume(page)}/${articleName(number)}`),
      madeUpId: messageId === undefined ? this.#pages.madeUpId(first) : undefined,
    };
  }

  /** A page that names somebody's own Message-ID belongs to another message. */
  #unclaimed(expected: readonly number[]): readonly number[] {
    const pages = this.#pages;
    return expected.filter(
      (page) => !pages.isUsed(page) && (pages.madeUpId(page) !== undefined || pages.hasNoMessageId(page)),
    );
  }

  #named(expected: readonly number[], messageId: string): readonly number[] {
    const here = expected.filter(
      (page) => this.#pages.hasMessageId(page, messageId) && !this.#pages.isUsed(page),
    );
    if (here.length > 0) return here;
    const elsewhere = this.#pages.withMessageId(messageId).filter((page) => !this.#pages.isUsed(page));
    const first = elsewhere[0];
    if (first === undefined) return [];
    return elsewhere.filter((page) => this.#pages.number(page) === this.#pages.number(first));
  }
}

import { anyVolume } from '../../src/archiving/legacy/resolve.ts';
import { articleName } from '../../src/archiving/legacy/volumes.ts';
import type { MboxEntry } from '../mbox/reader.ts';
import { bareMessageId } from '../pipermail/bare-message-id.ts';
import {
  type Numbered,
  type NumberingRules,
  type NumberingState,
  numberMessage,
} from '../pipermail/numbering.ts';
import { PageMatcher } from '../pipermail/page-matcher.ts';
import type { PageTable } from '../pipermail/page-table.ts';
import { readTravelHeaders, type TravelHeaders } from './travel-headers.ts';

/** How pipermail built the archive of a list. */
export interface PipermailTraits extends NumberingRules {
  /** The pages that there are; undefined where the mbox is all there is. */
  readonly pages: PageTable | undefined;
}

/** Where a message was in the old archive. */
export interface EntryPlace {
  /** Undefined where the old archive gave its number to another message. */
  readonly number: number | undefined;
  /** Its pages below the folder of the archive, its own first; also those of what Mailman took for more messages. */
  readonly paths: readonly string[];
  /** The Message-ID that Mailman made up, where there is none. */
  readonly madeUpId: string | undefined;
  readonly headers: TravelHeaders;
}

/** Tells the old addresses of one message of an mbox after the other. */
export class EntryPlaces {
  readonly #traits: PipermailTraits;
  readonly #matcher: PageMatcher | undefined;
  #numbering: NumberingState;

  constructor(traits: PipermailTraits, numbering: NumberingState, shift: number) {
    this.#traits = traits;
    this.#numbering = numbering;
    this.#matcher = traits.pages && new PageMatcher(traits.pages, shift);
  }

  /** After the last message. */
  get numbering(): NumberingState {
    return this.#numbering;
  }

  get shift(): number {
    return this.#matcher?.shift ?? 0;
  }

  place(entry: MboxEntry): EntryPlace {
    const { offset, bytes, separator, tail, unquoted } = entry;
    const starts = [0, ...unquoted.map((at) => at - offset)];
    const ends = [...starts.slice(1), bytes.length - tail.length];
    const headers = readTravelHeaders(separator, bytes.subarray(separator.length, ends[0]));
    const own = this.#next(headers);
    const others = starts.slice(1).map((start, at) => {
      const part = bytes.subarray(start, ends[at + 1]);
      const line = part.subarray(0, part.indexOf(0x0a) + 1);
      return this.#next(readTravelHeaders(line, part.subarray(line.length)));
    });
    return {
      number: own.number,
      paths: [...own.paths, ...others.flatMap(({ paths, anywhere }) => [...paths, ...anywhere])],
      madeUpId: own.madeUpId,
      headers,
    };
  }

  #next(headers: TravelHeaders) {
    const { place, state } = numberMessage(headers, this.#numbering, this.#traits);
    this.#numbering = state;
    const messageId = headers.messageId === undefined ? undefined : bareMessageId(headers.messageId);
    const pages = this.#matcher?.match(place.number, messageId);
    const computed = pathOf(place);
    if (pages) {
      const paths = pages.paths.toSorted((a, b) => Number(b === computed) - Number(a === computed));
      return { number: pages.number, paths, anywhere: [], madeUpId: pages.madeUpId };
    }
    const number = place.number + this.shift;
    if (this.#isTaken(number)) return { number: undefined, paths: [], anywhere: [], madeUpId: undefined };
    const path = `${place.volume}/${articleName(number)}`;
    const anywhere = place.isDated ? [] : [anyVolume(number)];
    return { number, paths: [path], anywhere, madeUpId: undefined };
  }

  /** Numbers up to the highest page are known: a message without a page had none. */
  #isTaken(number: number): boolean {
    const { pages } = this.#traits;
    return pages !== undefined && number <= pages.highest;
  }
}

function pathOf({ volume, number }: Numbered): string {
  return `${volume}/${articleName(number)}`;
}

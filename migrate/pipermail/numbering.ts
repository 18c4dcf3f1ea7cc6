import type { TimeZone } from '../../src/archiving/legacy/time-zone.ts';
import { type VolumeFrequency, volumeName } from '../../src/archiving/legacy/volumes.ts';
import { parsePythonDate } from './python-date.ts';

/**
 * Numbers the messages of an mbox as pipermail does when it builds an archive: one after the other over the whole
 * list, each in the volume of its date. The date is that of the header `Date` if it can be read and is neither before
 * 1970 nor more than 15 days ahead of the clock, else
 * of `X-List-Received-Date`, the first `Received`, the separator, else one second after the message before.
 */
export interface NumberingState {
  /** The number of the next message. */
  readonly next: number;
  /** The date of the message before, in seconds since 1970. */
  readonly lastDate: number;
}

/** What pipermail looks at; header values with their folding, undefined where there is none. */
export interface NumberedMessage {
  readonly date: string | undefined;
  readonly listReceivedDate: string | undefined;
  readonly received: string | undefined;
  /** The separator, without its end. */
  readonly separator: string;
}

/** The place of a message in a pipermail archive. */
export interface Numbered {
  readonly number: number;
  /** Seconds since 1970. */
  readonly date: number;
  readonly volume: string;
  /**
   * False where nothing in the message names a date: pipermail then goes by the clock of the day on which it built the
   * archive, so that the volume is a guess.
   */
  readonly isDated: boolean;
}

/** How the archive was built. */
export interface NumberingRules {
  readonly frequency: VolumeFrequency;
  /** Of the machine that it was built on. */
  readonly zone: TimeZone;
  /** Its clock when it was built, in seconds since 1970. */
  readonly now: number;
}

/** Mailman's ARCHIVER_ALLOWABLE_SANE_DATE_SKEW, in seconds. */
const AHEAD = 15 * 86_400;

/** The state in which an empty archive begins. */
export const FIRST: NumberingState = { next: 0, lastDate: 0 };

/** @returns where the message goes, and the state for the next one */
export function numberMessage(
  message: NumberedMessage,
  state: NumberingState,
  rules: NumberingRules,
): { readonly place: Numbered; readonly state: NumberingState } {
  const named = pipermailDate(message, rules);
  const date = named ?? state.lastDate + 1;
  const isDated = named !== undefined;
  return {
    place: { number: state.next, date, volume: volumeName(date, rules.frequency, rules.zone), isDated },
    state: { next: state.next + 1, lastDate: date },
  };
}

/** The date of a message as pipermail takes it; undefined where nothing in it names one. */
export function pipermailDate(message: NumberedMessage, rules: NumberingRules): number | undefined {
  const { date, listReceivedDate, received, separator } = message;
  return (
    epochOf(date, rules) ??
    epochOf(listReceivedDate, rules) ??
    epochOf(received?.slice(received.lastIndexOf(';') + 1), rules) ??
    epochOf(separatorDate(separator), rules)
  );
}

/** All that follows the first word after `From `. */
function separatorDate(separator: string): string {
  return separator.replace(/^From\s+\S+\s+/, '');
}

function epochOf(text: string | undefined, { zone, now }: NumberingRules): number | undefined {
  const date = text === undefined ? undefined : parsePythonDate(text);
  if (!date) return undefined;
  const local = date.utc / 1000;
  const epoch = date.offset === undefined ? zone.fromLocal(local) : local - date.offset;
  return epoch >= 0 && epoch <= now + AHEAD ? Math.trunc(epoch) : undefined;
}

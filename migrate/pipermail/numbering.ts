import type { TimeZone } from '../../src/archiving/legacy/time-zone.ts';
import { type VolumeFrequency, volumeName } from '../../src/archiving/legacy/volumes.ts';
import { parseFromLine } from '../mbox/from-line.ts';
import { parsePythonDate } from './python-date.ts';

/**
 * Numbers the messages of an mbox as pipermail does when it builds an archive: one after the other over the whole
 * list, each in the volume of its date. The date is that of the header `Date` if it can be read and is not before
 * 1970, else
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

/** The state in which an empty archive begins. */
export const FIRST: NumberingState = { next: 0, lastDate: 0 };

/** @returns where the message goes, and the state for the next one */
export function numberMessage(
  message: NumberedMessage,
  state: NumberingState,
  frequency: VolumeFrequency,
  zone: TimeZone,
): { readonly place: Numbered; readonly state: NumberingState } {
  const named = pipermailDate(message, zone);
  const date = named ?? state.lastDate + 1;
  const isDated = named !== undefined;
  return {
    place: { number: state.next, date, volume: volumeName(date, frequency, zone), isDated },
    state: { next: state.next + 1, lastDate: date },
  };
}

/** The date of a message as pipermail takes it; undefined where nothing in it names one. */
export function pipermailDate(message: NumberedMessage, zone: TimeZone): number | undefined {
  const { date, listReceivedDate, received, separator } = message;
  return (
    epochOf(date, zone) ??
    epochOf(listReceivedDate, zone) ??
    epochOf(received?.slice(received.lastIndexOf(';') + 1), zone) ??
    epochOf(separatorDate(separator), zone)
  );
}

/** All that follows the first word after `From `. */
function separatorDate(separator: string): string {
  return separator.replace(/^From\s+\S+\s+/, '');
}

function epochOf(text: string | undefined, zone: TimeZone): number | undefined {
  const date = text === undefined ? undefined : parsePythonDate(text);
  if (!date) return undefined;
  const local = date.utc / 1000;
  const epoch = date.offset === undefined ? zone.fromLocal(local) : local - date.offset;
  return epoch >= 0 && epoch <= LATEST ? Math.trunc(epoch) : undefined;
}

/** The end of the year 9999, which Python's calendar does not go beyond. */
const LATEST = 253_402_300_799;

/** When a separator says that its message was delivered, by the clock of this zone; seconds since 1970. */
export function deliveredAt(separator: string, zone: TimeZone): number | undefined {
  const { date } = parseFromLine(separator);
  if (!date) return undefined;
  const local = Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second) / 1000;
  return date.offset === undefined ? zone.fromLocal(local) : local - date.offset * 60;
}

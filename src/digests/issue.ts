import type { DigestIssue } from '../database/digest-messages.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { ListSettings } from '../model/settings/index.ts';
import { epochFromUtc, type UtcTime } from '../model/time.ts';

type VolumeFrequency = ListSettings['digest_volume_frequency'];

/** What decides about the number of a digest. */
type Numbered = Pick<MailingList, 'volume' | 'nextDigestNumber' | 'digestLastSentAt' | 'settings'>;

const DAY_MS = 86_400_000;

/**
 * The number of a digest that is sent now: the first of a period (`digest_volume_frequency`) begins a new volume, as in
 * Mailman 2.1. Mailman 3 would still count it to the old one.
 */
export function issueToSend(list: Numbered, now: UtcTime): DigestIssue {
  const { volume, nextDigestNumber } = list;
  return isNewPeriod(list, now) ? { volume: volume + 1, number: 1 } : { volume, number: nextDigestNumber };
}

/** The number that the next digest has after `mailman digests --bump`: a new volume in a new period, else one more. */
export function bumpedIssue(list: Numbered, now: UtcTime): DigestIssue {
  const { volume, nextDigestNumber } = list;
  return isNewPeriod(list, now)
    ? { volume: volume + 1, number: 1 }
    : { volume, number: nextDigestNumber + 1 };
}

/** Whether the period of the last digest is over; a clock that was put back begins none. */
function isNewPeriod({ digestLastSentAt, settings }: Numbered, now: UtcTime): boolean {
  if (digestLastSentAt === null) return false;
  const frequency = settings.digest_volume_frequency;
  return periodOf(frequency, now) > periodOf(frequency, digestLastSentAt);
}

/** Periods numbered in order, by the calendar of the place where the server is. */
function periodOf(frequency: VolumeFrequency, time: UtcTime): number {
  const date = new Date(epochFromUtc(time) * 1000);
  const year = date.getFullYear();
  const month = date.getMonth();
  const day = Math.floor(Date.UTC(year, month, date.getDate()) / DAY_MS);
  switch (frequency) {
    case 'yearly':
      return year;
    case 'quarterly':
      return year * 4 + Math.floor(month / 3);
    case 'monthly':
      return year * 12 + month;
    case 'weekly':
      // Weeks begin on Monday (ISO 8601), and 1970 began on a Thursday.
      return Math.floor((day + 3) / 7);
    case 'daily':
      return day;
  }
}

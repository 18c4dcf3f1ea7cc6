import type { ArchiverConfig } from '../../config/config.ts';
import { formatDate } from '../../message/compose.ts';
import { parseMailDate } from '../../message/date.ts';
import type { Message } from '../../message/message.ts';
import { epochFromUtc, type UtcTime } from '../../model/time.ts';

/**
 * Replaces the Date by the moment of reception as `clobber_date` and `clobber_skew` of the archiver say; the old one goes
 * to X-Original-Date. A message without a Date always gets one.
 */
export function withClobberedDate(
  message: Message,
  { clobber_date: when, clobber_skew: skew }: Pick<ArchiverConfig, 'clobber_date' | 'clobber_skew'>,
  receivedAt: UtcTime,
): void {
  const { headers } = message;
  const written = headers.get('Date');
  if (written !== undefined) {
    const time = parseMailDate(written);
    const distance =
      time === undefined ? Number.POSITIVE_INFINITY : Math.abs(time / 1000 - epochFromUtc(receivedAt));
    if (when === 'never' || (when === 'maybe' && distance <= skew)) return;
    headers.delete('X-Original-Date');
    headers.append('X-Original-Date', written);
  }
  headers.set('Date', formatDate(receivedAt));
}

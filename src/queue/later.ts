import { epochFromUtc, type UtcTime, utcFromEpoch } from '../model/time.ts';

/** The moment that lies `seconds` after another. */
export function later(now: UtcTime, seconds: number): UtcTime {
  return utcFromEpoch(epochFromUtc(now) + seconds) ?? now;
}

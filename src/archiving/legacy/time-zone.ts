import { FerrymanError } from '../../errors.ts';

/** The name of a time zone is unknown. */
export class TimeZoneError extends FerrymanError {
  override name = 'TimeZoneError';
}

/** The clock of the machine that Mailman ran on. */
export interface TimeZone {
  readonly name: string;
  /** Seconds east of Greenwich at this moment, in seconds since 1970. */
  readonly offsetAt: (epoch: number) => number;
  /** The moment at which the clock showed this, given as if it had been UTC; seconds since 1970. */
  readonly fromLocal: (local: number) => number;
}

const HOUR = 3600;
const MAX_CACHED = 100_000;

/**
 * @param name such as `Europe/Berlin`; that of this machine where none is given
 * @throws TimeZoneError where there is no such zone
 */
export function timeZone(name?: string): TimeZone {
  const format = formatter(name);
  const cache = new Map<number, number>();
  const offsetAt = (epoch: number): number => {
    const hour = Math.floor(epoch / (HOUR / 4));
    const known = cache.get(hour);
    if (known !== undefined) return known;
    const offset = readOffset(format, hour * (HOUR / 4));
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(hour, offset);
    return offset;
  };
  return {
    name: format.resolvedOptions().timeZone,
    offsetAt,
    fromLocal: (local) => {
      const guess = local - offsetAt(local);
      return local - offsetAt(guess);
    },
  };
}

function formatter(name: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...(name === undefined ? {} : { timeZone: name }),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new TimeZoneError(`No such time zone: ${name} (expected a name such as Europe/Berlin)`);
  }
}

function readOffset(format: Intl.DateTimeFormat, epoch: number): number {
  const parts = new Map(format.formatToParts(epoch * 1000).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = new Date(0);
  local.setUTCFullYear(part('year'), part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() / 1000 - epoch;
}

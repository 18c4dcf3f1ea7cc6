import { SECONDS_PER_DAY } from '../../model/time.ts';
import type { TimeZone } from './time-zone.ts';

/** How often pipermail begins a new volume: `archive_volume_frequency` 0 to 4. */
export type VolumeFrequency = 'yearly' | 'monthly' | 'quarterly' | 'weekly' | 'daily';

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];

/** Whole days since 1970 and calendar of the moment, by the clock of the zone. */
function calendar(epoch: number, zone: TimeZone) {
  const local = new Date((epoch + zone.offsetAt(epoch)) * 1000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    /** Monday is 0. */
    weekday: (local.getUTCDay() + 6) % 7,
  };
}

/**
 * The folder that pipermail puts a message of this date into.
 * @param epoch seconds since 1970
 */
export function volumeName(epoch: number, frequency: VolumeFrequency, zone: TimeZone): string {
  const { year, month, day, weekday } = calendar(epoch, zone);
  if (frequency !== 'weekly') return volumeTitle({ frequency, year, month, day });
  const monday = new Date(Date.UTC(year, month - 1, day) - weekday * SECONDS_PER_DAY * 1000);
  const [mondayYear, mondayMonth] = [monday.getUTCFullYear(), monday.getUTCMonth() + 1];
  return volumeTitle({ frequency, year: mondayYear, month: mondayMonth, day: monday.getUTCDate() });
}

/** The name of the folder; of a week, `day` must be its Monday. */
export function volumeTitle({ frequency, year, month, day }: Volume): string {
  const years = digits(year, 4);
  switch (frequency) {
    case 'yearly':
      return years;
    case 'quarterly':
      return `${years}q${Math.ceil(month / 3)}`;
    case 'monthly':
      return `${years}-${MONTHS[month - 1] ?? ''}`;
    case 'weekly':
      return `Week-of-Mon-${years}${digits(month, 2)}${digits(day, 2)}`;
    case 'daily':
      return `${years}${digits(month, 2)}${digits(day, 2)}`;
  }
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}

/** What a volume covers. `month` counts from 1. */
export interface Volume {
  readonly frequency: VolumeFrequency;
  readonly year: number;
  /** Its first month. */
  readonly month: number;
  /** Its first day in that month. */
  readonly day: number;
}

const MONTHLY = /^(\d{4})-([A-Z][a-z]{2,8})$/;
const QUARTERLY = /^(\d{4})q([1-4])$/;
const YEARLY = /^(\d{4})$/;
const WITH_DAY = /^(Week-of-Mon-)?(\d{4})([01]\d)([0-3]\d)$/;

/** What a name of a folder means; undefined where it is no volume. */
export function parseVolumeName(name: string): Volume | undefined {
  const year = Number.parseInt(name.replace('Week-of-Mon-', '').slice(0, 4), 10);
  if (YEARLY.test(name)) return { frequency: 'yearly', year, month: 1, day: 1 };
  const quarter = QUARTERLY.exec(name);
  if (quarter) return { frequency: 'quarterly', year, month: Number(quarter[2]) * 3 - 2, day: 1 };
  const monthly = MONTHLY.exec(name);
  if (monthly) {
    const month = MONTHS.indexOf(monthly[2] ?? '') + 1;
    return month > 0 ? { frequency: 'monthly', year, month, day: 1 } : undefined;
  }
  const match = WITH_DAY.exec(name);
  if (!match) return undefined;
  const [month, day] = [Number(match[3]), Number(match[4])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return { frequency: match[1] ? 'weekly' : 'daily', year, month, day };
}

/** `000123.html`. */
export function articleName(number: number): string {
  return `${digits(number, 6)}.html`;
}

/** The first moment of a volume and the first one after it, by the clock of the zone: epoch milliseconds. */
export function volumeSpan(
  { frequency, year, month, day }: Volume,
  zone: TimeZone,
): { readonly since: number; readonly until: number } {
  const [years, months, days] = LENGTHS[frequency];
  const moment = (y: number, m: number, d: number): number =>
    zone.fromLocal(Date.UTC(y, m - 1, d) / 1000) * 1000;
  return { since: moment(year, month, day), until: moment(year + years, month + months, day + days) };
}

/** Years, months, days. */
const LENGTHS: Readonly<Record<VolumeFrequency, readonly [number, number, number]>> = {
  yearly: [1, 0, 0],
  quarterly: [0, 3, 0],
  monthly: [0, 1, 0],
  weekly: [0, 0, 7],
  daily: [0, 0, 1],
};

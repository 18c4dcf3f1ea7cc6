import { describe, expect, it } from 'vitest';
import { FIRST, numberMessage, pipermailDate } from '../../../migrate/pipermail/numbering.ts';
import { timeZone } from '../../../src/archiving/legacy/time-zone.ts';

const zone = timeZone('Europe/Berlin');
const rules = { frequency: 'monthly', zone, now: Date.UTC(2010, 0, 1) / 1000 } as const;
const NOTHING = { date: undefined, listReceivedDate: undefined, received: undefined, separator: '' };
const SEPARATOR = 'From ant@example.com Tue Mar  4 10:11:12 2003';

describe('the date that pipermail goes by', () => {
  const fields = {
    date: 'Sat, 1 Mar 2003 00:00:00 +0000',
    listReceivedDate: 'Sun, 2 Mar 2003 00:00:00 +0000',
    received: 'from a; by b; Mon, 3 Mar 2003 00:00:00 +0000',
    separator: SEPARATOR,
  };
  const day = (number: number): number => Date.UTC(2003, 2, number) / 1000;

  it('is the first that can be right of four', () => {
    expect(pipermailDate(fields, rules)).toBe(day(1));
    expect(pipermailDate({ ...fields, date: 'today' }, rules)).toBe(day(2));
    expect(pipermailDate({ ...fields, date: '1 Jan 1960 00:00 +0000' }, rules)).toBe(day(2));
    expect(pipermailDate({ ...fields, date: '1 Feb 2010 00:00 +0000' }, rules)).toBe(day(2));
    expect(pipermailDate({ ...fields, date: '', listReceivedDate: undefined }, rules)).toBe(day(3));
    // The separator has the clock of the machine: 10:11:12 in Berlin.
    expect(pipermailDate({ ...NOTHING, separator: SEPARATOR }, rules)).toBe(
      Date.UTC(2003, 2, 4, 9, 11, 12) / 1000,
    );
    expect(pipermailDate(NOTHING, rules)).toBeUndefined();
  });

  it('chooses the month by the clock of the old server', () => {
    const late = { ...NOTHING, date: 'Mon, 31 Mar 2003 22:30:00 +0000' };
    expect(numberMessage(late, FIRST, rules).place.volume).toBe('2003-April');
    const utc = { ...rules, zone: timeZone('UTC') };
    expect(numberMessage(late, FIRST, utc).place.volume).toBe('2003-March');
  });

  it('counts on where a message has none', () => {
    const first = numberMessage({ ...NOTHING, separator: SEPARATOR }, FIRST, rules);
    const second = numberMessage(NOTHING, first.state, rules);
    expect(second.place).toMatchObject({ number: 1, date: first.place.date + 1, isDated: false });
  });
});

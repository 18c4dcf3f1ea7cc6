import { describe, expect, it } from 'vitest';
import { TimeZoneError, timeZone } from '../../../src/archiving/legacy/time-zone.ts';
import { parseVolumeName, volumeName, volumeSpan } from '../../../src/archiving/legacy/volumes.ts';

const zone = timeZone('Europe/Berlin');
const at = (text: string): number => Date.parse(text) / 1000;

describe('a volume', () => {
  it.each([
    ['yearly', '2005', '2005-01-01', '2006-01-01'],
    ['quarterly', '2005q4', '2005-10-01', '2006-01-01'],
    ['monthly', '2005-December', '2005-12-01', '2006-01-01'],
    ['weekly', 'Week-of-Mon-20051226', '2005-12-26', '2006-01-02'],
    ['daily', '20051231', '2005-12-31', '2006-01-01'],
  ] as const)('that is %s is called %s', (frequency, name, since, until) => {
    expect(volumeName(at('2005-12-31T22:59:59Z'), frequency, zone)).toBe(name);
    const volume = parseVolumeName(name);
    expect(volume?.frequency).toBe(frequency);
    // Midnight in Berlin in winter.
    const [start, end] = [since, until].map((day) => Date.parse(`${day}T00:00:00+01:00`));
    if (volume) {
      const span = volumeSpan(volume, zone);
      expect(span.until).toBe(end);
      if (frequency !== 'quarterly') expect(span.since).toBe(start);
      else expect(span.since).toBe(Date.parse(`${since}T00:00:00+02:00`));
    }
  });

  it('begins on Monday, also on a Sunday', () => {
    expect(volumeName(at('2006-01-01T12:00:00Z'), 'weekly', zone)).toBe('Week-of-Mon-20051226');
    expect(volumeName(at('2006-01-02T12:00:00Z'), 'weekly', zone)).toBe('Week-of-Mon-20060102');
  });

  it.each(['attachments', 'database', '2005-Foo', '2005q5', '20051331', '20050100', 'Week-of-Mon-2005', ''])(
    'is never called %s',
    (name) => {
      expect(parseVolumeName(name)).toBeUndefined();
    },
  );
});

describe('a time zone', () => {
  it('turns clocks into moments, in summer and winter', () => {
    expect(zone.fromLocal(at('2005-07-01T12:00:00Z'))).toBe(at('2005-07-01T10:00:00Z'));
    expect(zone.fromLocal(at('2005-01-01T12:00:00Z'))).toBe(at('2005-01-01T11:00:00Z'));
  });

  it('must have a name that is known', () => {
    expect(() => timeZone('Mars/Olympus')).toThrow(TimeZoneError);
  });
});

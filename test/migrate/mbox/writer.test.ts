import { describe, expect, it } from 'vitest';
import { formatEntry, formatFromLine, quoteFromLines } from '../../../migrate/mbox/writer.ts';
import { entriesOf } from './read.ts';

const MOMENT = Date.UTC(2003, 2, 4, 10, 11, 12);

describe('a message that goes into an mbox', () => {
  it('has a line with sender and date before it', () => {
    expect(formatFromLine('ant@example.com', MOMENT)).toBe('From ant@example.com Tue Mar  4 10:11:12 2003\n');
    expect(formatFromLine('', MOMENT)).toBe('From MAILER-DAEMON Tue Mar  4 10:11:12 2003\n');
    expect(formatFromLine('a\nFrom b', MOMENT)).toBe('From aFromb Tue Mar  4 10:11:12 2003\n');
  });

  it('has its lines From quoted, and only these', () => {
    const quoted = quoteFromLines(Buffer.from('From x\nFromage\n>From y\n From z\nFrom \n'));
    expect(quoted.toString()).toBe('>From x\nFromage\n>From y\n From z\n>From \n');
  });

  it('can be read back', async () => {
    for (const end of ['\n', '\r\n']) {
      const message = Buffer.from(`Date: x${end}To: y${end}${end}From here${end}the end`);
      const entry = formatEntry('ant@example.com', MOMENT, message);
      const entries = await entriesOf(Buffer.concat([entry, entry]));
      expect(entries.map(({ message: read }) => read.toString())).toEqual([
        `Date: x${end}To: y${end}${end}>From here${end}the end${end}`,
        `Date: x${end}To: y${end}${end}>From here${end}the end${end}`,
      ]);
    }
  });
});

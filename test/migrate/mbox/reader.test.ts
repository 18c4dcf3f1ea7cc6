import { execFileSync } from 'node:child_process';
import { createReadStream, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MboxError } from '../../../migrate/mbox/errors.ts';
import { readMbox } from '../../../migrate/mbox/reader.ts';
import { archivedLists, expectedArchive, oldArchives } from '../../support/old-archives.ts';
import { entriesOf, messagesOf } from './read.ts';

const FROM = 'From ant@example.com Tue Mar  4 10:11:12 2003\n';
const HEAD = 'From: ant@example.com\nTo: list@example.com\nSubject: x\n';

/** Offset and SHA-1 of each message as Python's mailbox module reads them. */
const PYTHON = `
import hashlib, json, mailbox, sys
box = mailbox.mbox(sys.argv[1], create=False)
print(json.dumps([hashlib.sha1(box.get_bytes(key)).hexdigest() for key in box.keys()]))
`;

import { runs } from '../../support/properties.ts';

describe('an mbox', () => {
  it('is what its entries hold, one after the other', async () => {
    for (const list of archivedLists) {
      const path = oldArchives().mbox(list);
      const entries = [];
      for await (const entry of readMbox(createReadStream(path, { highWaterMark: 777 }))) entries.push(entry);
      const parts = entries.flatMap(({ separator, message, tail }) => [separator, message, tail]);
      expect(Buffer.concat(parts).equals(readFileSync(path))).toBe(true);
      let offset = 0;
      for (const entry of entries) {
        expect(entry.offset).toBe(offset);
        offset += entry.bytes.length;
      }
    }
  });

  it('has the messages that Python finds, where every line From is a separator', async () => {
    const { createHash } = await import('node:crypto');
    for (const list of archivedLists.filter((name) => name !== 'talk-archive')) {
      const path = oldArchives().mbox(list);
      const theirs: unknown = JSON.parse(
        execFileSync('/usr/bin/python3', ['-c', PYTHON, path], { encoding: 'utf8' }),
      );
      const ours = (await entriesOf(readFileSync(path))).map(({ message }) =>
        createHash('sha1').update(message).digest('hex'),
      );
      expect(ours).toEqual(theirs);
    }
  });

  it('does not begin a message at a sentence or at a quoted mail', async () => {
    const list = 'talk-archive';
    const entries = await entriesOf(readFileSync(oldArchives().mbox(list)));
    // 560 were written; Mailman takes 13 more lines for separators.
    expect(entries).toHaveLength(560);
    const unquoted = entries.flatMap((entry) => entry.unquoted);
    expect(entries.length + unquoted.length).toBe(expectedArchive(list).archive.mbox.messages);
  });

  it('reads the same in pieces of any length', async () => {
    const mbox = readFileSync(oldArchives().mbox('plain'));
    const whole = (await entriesOf(mbox, mbox.length)).map(({ offset, message }) => [offset, message.length]);
    for (const piece of [13, 999, 16_384, 16_385]) {
      const pieced = (await entriesOf(mbox, piece)).map(({ offset, message }) => [offset, message.length]);
      expect(pieced).toEqual(whole);
    }
  });
});

describe('a long entry', () => {
  const long = `${FROM}${HEAD}\n${'A line of a long message.\n'.repeat(200_000)}\n`;
  const short = `${FROM}${HEAD}\nshort\n\n`;

  it.each([16_384, 1_000_000, 100_000_000])(
    'gives back its memory alone, read in pieces of %d',
    async (piece) => {
      const mbox = Buffer.from(short + long + short + long + short);
      const kept: Buffer[] = [];
      const lengths: number[] = [];
      const source = async function* () {
        for (let at = 0; at < mbox.length; at += piece) yield mbox.subarray(at, at + piece);
      };
      for await (const { bytes, release, offset } of readMbox(source())) {
        expect(bytes.equals(mbox.subarray(offset, offset + bytes.length))).toBe(true);
        lengths.push(bytes.length);
        release();
        if (bytes.length === short.length) kept.push(bytes);
      }
      expect(lengths).toEqual([short, long, short, long, short].map(({ length }) => length));
      expect(kept.map(String)).toEqual([short, short, short]);
    },
  );

  it('says whether the file ends with it', async () => {
    const entries = await entriesOf(short + short);
    expect(entries.map(({ isAtEnd }) => isAtEnd)).toEqual([false, true]);
  });
});

describe('dirt in an mbox', () => {
  it('may be CRLF', async () => {
    const mbox = `${FROM}${HEAD}\nbody\n\n${FROM}${HEAD}\nother\n`.replaceAll('\n', '\r\n');
    const entries = await entriesOf(mbox);
    expect(entries.map(({ tail }) => tail.toString())).toEqual(['\r\n', '']);
    expect(entries[0]?.message.toString()).toBe(`${HEAD}\nbody\n`.replaceAll('\n', '\r\n'));
  });

  it('may be a missing last newline, NULs, lone CRs and 8-bit bytes', async () => {
    const body = 'a\0b\rFrom nobody\rc\xff';
    expect(await messagesOf(`${FROM}${HEAD}\n${body}`)).toEqual([`${HEAD}\n${body}`]);
  });

  it('may be a missing blank line before a separator', async () => {
    expect(await messagesOf(`${FROM}${HEAD}\nbody\n${FROM}${HEAD}\nother\n`)).toHaveLength(2);
  });

  it('may be a header of 100 KB', async () => {
    const long = `X-Long: ${'y'.repeat(100_000)}\n${HEAD}`;
    expect(await messagesOf(`${FROM}${long}\nbody\n\n${FROM}${HEAD}\n`)).toHaveLength(2);
  });

  it('may be a line of 31 MB and an attachment of 50 MB', async () => {
    const line = Buffer.alloc(31_000_000, 'x');
    const attachment = Buffer.alloc(50_000_000, `${'A'.repeat(76)}\n`);
    const head = Buffer.from(`${FROM}${HEAD}\n`);
    const mbox = Buffer.concat([
      head,
      line,
      Buffer.from('\n\n'),
      head,
      attachment,
      Buffer.from('\n\n'),
      head,
    ]);
    const entries = await entriesOf(mbox, 1_000_000);
    expect(entries.map(({ message }) => message.length)).toEqual([
      HEAD.length + 1 + line.length + 1,
      HEAD.length + 1 + attachment.length + 1,
      // Of a mail without body, the only blank line stands behind it, as Python has it.
      HEAD.length,
    ]);
  });

  it('may stand before the first separator', async () => {
    const entries = await entriesOf(`\n\nfoo\n${FROM}${HEAD}\nbody\n`);
    expect(entries.map(({ isMessage, offset }) => [isMessage, offset])).toEqual([
      [false, 0],
      [true, 6],
    ]);
  });

  it('may be a mail without any separator', async () => {
    expect(await messagesOf(`Date: now\n${HEAD}\nbody\n`)).toEqual([`Date: now\n${HEAD}\nbody\n`]);
  });
});

describe('a mail without any header', () => {
  const line = 'From anne@example.com Mon Jan  5 10:00:00 2015\n';

  it('is one where the file begins with it, and part of the mail before otherwise', async () => {
    expect(await messagesOf(`${line}\nonly text\n`)).toEqual(['\nonly text\n']);
    expect(await messagesOf(`${line}only text\n\n${FROM}${HEAD}\nbody\n`)).toEqual([
      'only text\n',
      `${HEAD}\nbody\n`,
    ]);
    expect(await messagesOf(line.repeat(1000))).toHaveLength(1);
    await expect(messagesOf('From here on nothing\n\nelse\n')).rejects.toThrow(/not an mbox/);
  });
});

describe('what is no mbox', () => {
  it('is refused with what was found', async () => {
    const picture = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');
    await expect(entriesOf(picture)).rejects.toThrow(MboxError);
    await expect(entriesOf(picture)).rejects.toThrow(/^byte 0: not an mbox: expected .*PNG/);
    await expect(entriesOf(Buffer.alloc(3_000_000))).rejects.toThrow(/byte 0: not an mbox/);
  });

  it('may be an empty file, which has no messages', async () => {
    expect(await entriesOf('')).toEqual([]);
    expect(await messagesOf('\n\n')).toEqual([]);
  });

  it('has an end to the length of a message', async () => {
    const mbox = `${FROM}${HEAD}\n${'x'.repeat(5000)}\n`;
    await expect(entriesOf(mbox, 100, { maxMessageBytes: 2000 })).rejects.toThrow(
      /^byte 0: a message longer/,
    );
  });
});

describe('any bytes', () => {
  const line = fc.oneof(
    fc.constantFrom(FROM, 'From now on\n', '>From x\n', '\n', '\r\n', '\0', HEAD, 'Date: x\n', 'From ', '\r'),
    fc.string({ maxLength: 40 }),
  );

  it('come out as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.integer({ min: 1, max: 90 }),
        async (lines, piece) => {
          const mbox = Buffer.from(`${FROM}${HEAD}\n${lines.join('')}`);
          const entries = await entriesOf(mbox, piece);
          expect(Buffer.concat(entries.map(({ bytes }) => bytes)).equals(mbox)).toBe(true);
          const whole = await entriesOf(mbox);
          expect(entries.map(({ offset }) => offset)).toEqual(whole.map(({ offset }) => offset));
        },
      ),
      { numRuns: runs(300) },
    );
  });
});

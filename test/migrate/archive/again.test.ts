import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { runs } from '../../support/properties.ts';
import { exported, importFile, LIST_ID, mboxFile, onEachArchive, sampleMessage } from './archive.ts';

/** Everything that pages show of the messages of a list. */
async function everything(archive: Archive) {
  const list = await archive.list(LIST_ID);
  if (!list) return undefined;
  const found = [];
  for (let number = 0; ; number += 1) {
    const message = await archive.messageByNumber(list.id, number);
    if (!message) break;
    const { id, thread, ...rest } = message;
    found.push({ ...rest, content: (await archive.content(id))?.source.toString('latin1') });
  }
  const { messages, threads, firstDate, lastDate } = list;
  return { messages, threads, firstDate, lastDate, found };
}

function mboxOf(count: number): string {
  return Array.from({ length: count }, (_, number) => sampleMessage(number)).join('');
}

await onEachArchive('an import that is run again', (open, freshUrl) => {
  it('adds nothing', async () => {
    const archive = await open();
    const path = mboxFile(mboxOf(30));
    await importFile(archive, path);
    const before = await everything(archive);
    const report = await importFile(archive, path);
    expect(report).toMatchObject({ messages: 30, added: 0, known: 0 });
    expect(await everything(archive)).toEqual(before);
  });

  it('adds nothing where the file has another path, or another form', async () => {
    const archive = await open();
    await importFile(archive, mboxFile(mboxOf(30)));
    const before = await everything(archive);
    const elsewhere = mboxFile(mboxOf(30));
    expect(await importFile(archive, elsewhere)).toMatchObject({ added: 0 });
    expect(await importFile(archive, elsewhere, { since: 0 })).toMatchObject({ added: 0, known: 30 });
    expect(await everything(archive)).toEqual(before);
  });

  it('adds what the file has grown by, and reads only that', async () => {
    const archive = await open();
    const name = 'growing.mbox';
    await importFile(archive, mboxFile(mboxOf(300), name));
    const report = await importFile(archive, mboxFile(mboxOf(310), name));
    expect(report).toMatchObject({ messages: 310, added: 10, known: 0 });
    expect(report.resumed_at).toBe(mboxOf(299).length);
    expect((await exported(archive)).toString()).toBe(mboxOf(310));
    const other = await open();
    await importFile(other, mboxFile(mboxOf(310)));
    expect(await everything(archive)).toEqual(await everything(other));
  });

  it('replaces a message that was still being written', async () => {
    const whole = mboxOf(6);
    const ends = [mboxOf(5).length - 20, mboxOf(5).length - 1, mboxOf(5).length, mboxOf(5).length + 40];
    for (const end of ends) {
      const archive = await open();
      const path = mboxFile(whole.slice(0, end), 'cut.mbox');
      await importFile(archive, path);
      await importFile(archive, mboxFile(whole, 'cut.mbox'));
      expect((await exported(archive)).toString()).toBe(whole);
      expect((await archive.list(LIST_ID))?.messages).toBe(6);
    }
  });

  it('finds what is new in a file that was edited before its end', async () => {
    const archive = await open();
    const name = 'edited.mbox';
    await importFile(archive, mboxFile(mboxOf(20), name));
    const edited = [0, 1, 2, 4, 5, 6, 20].map((number) => sampleMessage(number)).join('');
    expect(await importFile(archive, mboxFile(edited, name))).toMatchObject({ added: 1, known: 6 });
    expect((await archive.list(LIST_ID))?.messages).toBe(21);
  });

  it('takes up a run that was stopped', async () => {
    const url = await freshUrl();
    const archive = await open(url);
    const large = `${'x'.repeat(16_000)}\n`;
    const mbox = Array.from({ length: 600 }, (_, number) => sampleMessage(number, large)).join('');
    const path = mboxFile(mbox);
    let calls = 0;
    const stop = (): void => {
      calls += 1;
      if (calls === 2) throw new Error('stopped');
    };
    await expect(importFile(archive, path, { onProgress: stop })).rejects.toThrow('stopped');
    const before = (await archive.list(LIST_ID))?.messages ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(600);
    const report = await importFile(archive, path);
    expect(report).toMatchObject({ messages: 600, added: 600 - before, known: 0 });
    const other = await open();
    await importFile(other, path);
    expect(await everything(archive)).toEqual(await everything(other));
  });
});

await onEachArchive('what is exported', (open) => {
  const line = fc.oneof(
    fc.constantFrom(
      'From now on\n',
      '>From x\n',
      '\n',
      '\r\n',
      '\0\n',
      '\r',
      'x',
      '\xff\xfe\n',
      'Date: never\n',
    ),
    fc.string({ maxLength: 60 }).map((text) => `${text}\n`),
  );
  const message = fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 9 }), fc.array(line, { maxLength: 8 }))
      .map(([number, lines]) => sampleMessage(number, lines.join(''))),
    fc.integer({ min: 0, max: 9 }).map((number) => sampleMessage(number).replaceAll('\n', '\r\n')),
  );

  it('is what was imported, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('', '\n\n', 'x\n'),
        fc.constantFrom(0, 1, 2, 30),
        async (messages, head, cut) => {
          const archive = await open();
          const whole = Buffer.from(head + messages.join(''), 'latin1');
          const mbox = whole.subarray(0, whole.length - cut);
          await importFile(archive, mboxFile(mbox));
          expect((await exported(archive)).equals(mbox)).toBe(true);
          await archive.deleteList(LIST_ID);
        },
      ),
      { numRuns: runs(12) },
    );
  });
});

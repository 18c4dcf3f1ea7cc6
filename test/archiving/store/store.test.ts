import { expect, test } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { messageIdHash } from '../../../src/message/message-id-hash.ts';
import { onEachStore, openStore, prepared, written } from './places.ts';

const JANUARY = 'Mon, 5 Jan 2015 10:00:00 +0000';
const MARCH = 'Tue, 3 Mar 2015 10:00:00 +0000';

async function bytesOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

/** A message as an mbox has it. */
function boxed(id: string, body = 'Hello.\n') {
  const separator = 'From ant@example.com Mon Jan  5 10:00:00 2015\n';
  const bytes = Buffer.concat([Buffer.from(separator), written({ id, body }), Buffer.from('\n')]);
  return { bytes, separator: separator.length, tail: 1 };
}

await onEachStore('the archive', (place) => {
  const bench = async () => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    return { archive, list: id };
  };

  test('keeps what it got byte for byte, whatever it is', async () => {
    const { archive, list } = await bench();
    const hostile = [
      Buffer.alloc(0),
      Buffer.from([0, 255, 13, 10, 13, 0]),
      Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * at * 31) >> 3)),
      Buffer.from('Subject: \x00\xff\ud800 =?x?q?=ff?=\r\rFrom: <\n\n\x00'),
      Buffer.from(`${'Content-Type: multipart/mixed; boundary=a\n\n--a\n'.repeat(300)}`),
      Buffer.from(`X: ${'a'.repeat(200_000)}\n\n`),
      Buffer.from(`Content-Type: text/html\n\n${'<div>'.repeat(50_000)}`),
    ];
    const added = await archive.add(
      list,
      hostile.map((bytes) => prepared(bytes)),
    );
    for (const [index, bytes] of hostile.entries())
      expect((await archive.content(added[index]?.id ?? 0))?.source.equals(bytes)).toBe(true);
    expect(await archive.list('ant.example.com')).toMatchObject({ messages: hostile.length });
  });

  test('gives an equal mbox back, with a dictionary from the thirtieth message on', async () => {
    const { archive, list } = await bench();
    const run = await archive.openRun(list, 'first.mbox');
    const sources = Array.from({ length: 90 }, (_, index) =>
      boxed(`${index}@example.com`, `Body ${index}\n>From me\n`),
    );
    for (let start = 0; start < 90; start += 30) {
      const dictionary = await archive.dictionary(list);
      expect(dictionary === undefined).toBe(start === 0);
      const { prepareMessage } = await import('../../../src/archiving/store/prepare.ts');
      const messages = sources
        .slice(start, start + 30)
        .map((source, index) =>
          prepareMessage(
            { ...source, source: { run: run.id, offset: start + index } },
            { subjectPrefix: '', charsets: [] },
            dictionary,
          ),
        );
      await archive.add(list, messages, { id: run.id, offset: start + 30, state: '{"a":1}' });
    }
    await archive.flush();
    const whole = await bytesOf(archive.mbox({ list }));
    expect(whole.equals(Buffer.concat(sources.map(({ bytes }) => bytes)))).toBe(true);
    expect(await archive.openRun(list, 'first.mbox')).toMatchObject({
      offset: 90,
      state: '{"a":1}',
      finished: false,
    });
    const [thread] = (await archive.recentThreads(list, { limit: 1 })).items;
    expect((await bytesOf(archive.mbox({ thread: thread?.id ?? 0 }))).toString()).toContain('\n>From me\n');
  });

  test('writes posts that came by mail into an mbox, with lines that look like separators marked', async () => {
    const { archive, list } = await bench();
    await archive.add(list, [prepared({ id: '1', body: 'a\nFrom me\n>From you' })]);
    expect((await bytesOf(archive.mbox({ list, year: 2015, month: 1 }))).toString()).toMatch(
      /^From ant@example\.com Mon Jan {2}5 10:00:00 2015\nFrom: [\s\S]*\na\n>From me\n>From you\n\n$/,
    );
    expect(await bytesOf(archive.mbox({ list, year: 2015, month: 2 }))).toHaveLength(0);
  });

  test('tells messages apart in an mbox for readers, and after a file that ended within a line', async () => {
    const { archive, list } = await bench();
    const separator = 'From ant@example.com Mon Jan  5 10:00:00 2015\n';
    const file = `${separator}${written({ id: 'cut', body: 'a\nFrom here on\n>From me\nFrom the end' })}`;
    await archive.add(list, [prepared(Buffer.from(file), { separator: separator.length })]);
    expect((await bytesOf(archive.mbox({ list }))).toString()).toBe(file);
    await archive.add(list, [prepared({ id: 'later', date: MARCH })]);
    expect((await bytesOf(archive.mbox({ list }))).toString().startsWith(`${file}\n\nFrom ant@`)).toBe(true);
    const quoted = (await bytesOf(archive.mbox({ list }, 'quoted'))).toString();
    expect(quoted).toContain('\na\n>From here on\n>From me\n>From the end\n\nFrom ant@');
    expect(quoted.match(/^From /gm)).toHaveLength(2);
  });

  test("writes what was in one of pipermail's volumes, whatever the month is by its date", async () => {
    const { archive, list } = await bench();
    await archive.add(list, [
      prepared({ id: '1', date: JANUARY }, { oldPath: '2014-December/000000.html' }),
      prepared({ id: '2', date: JANUARY }, { oldPath: '2015-January/000001.html' }),
      prepared({ id: '3', date: JANUARY }),
      prepared({ id: '4', date: MARCH }),
    ]);
    const idsIn = async (volume: string, since: number, until: number): Promise<string[]> => {
      const mbox = (await bytesOf(archive.mbox({ list, volume, since, until }))).toString();
      return [...mbox.matchAll(/^Message-ID: <(.+)>$/gm)].map(([, id = '']) => id);
    };
    const [january, february] = [Date.UTC(2015, 0, 1), Date.UTC(2015, 1, 1)];
    expect(await idsIn('2014-December', 0, january)).toEqual(['1']);
    expect(await idsIn('2015-January', january, february)).toEqual(['2', '3']);
    expect(await idsIn('2015-February', february, february + 1)).toEqual([]);
  });

  test('adds nothing twice, and keeps true duplicates', async () => {
    const { archive, list } = await bench();
    const { id: run } = await archive.openRun(list, 'a');
    const again = [0, 1].map((offset) =>
      prepared(boxed('same').bytes, { ...boxed('same'), source: { run, offset } }),
    );
    expect((await archive.add(list, again)).map(({ known }) => known)).toEqual([false, false]);
    expect((await archive.add(list, again)).map(({ known }) => known)).toEqual([true, true]);
    const other = await archive.openRun(list, 'b');
    expect(
      (
        await archive.add(list, [
          prepared(boxed('same').bytes, { ...boxed('same'), source: { run: other.id, offset: 7 } }),
        ])
      )[0]?.known,
    ).toBe(true);
    // The same post as another server sent it.
    expect(
      (await archive.add(list, [prepared({ id: 'same', headers: { 'X-Other': 'yes' } })]))[0]?.known,
    ).toBe(true);
    const hash = messageIdHash('same');
    const copies = await archive.messagesByHash(list, hash);
    expect(copies.map(({ copy }) => copy)).toEqual([0, 1]);
    expect((await archive.messageByHash(list, hash))?.id).toBe(copies[0]?.id);
    expect((await archive.messageByHash(list, hash, 1))?.id).toBe(copies[1]?.id);
    await archive.deleteMessages([copies[0]?.id ?? 0]);
    expect((await archive.messageByHash(list, hash))?.id).toBe(copies[1]?.id);
  });

  test('keeps messages without a Message-ID apart', async () => {
    const { archive, list } = await bench();
    await archive.add(list, [prepared({ body: 'one\n' }), prepared({ body: 'two\n' })]);
    const { items } = await archive.messages({ lists: [list] }, { limit: 10 });
    expect(new Set(items.map(({ hash }) => hash)).size).toBe(2);
  });

  test('believes dates that can be right: of the message, the separator, its neighbour, its arrival', async () => {
    const { archive, list } = await bench();
    const separator = Buffer.from('From a@b Tue Mar  3 10:00:00 2015\n');
    const withSeparator = (date: string, id: string) => {
      const bytes = Buffer.concat([separator, written({ id, date })]);
      return prepared(bytes, { bytes, separator: separator.length });
    };
    await archive.add(list, [
      prepared({ id: '1', date: MARCH }),
      withSeparator('Fri, 1 Jan 2038 00:00:00 +0000', '2'),
      withSeparator('Mon, 1 Jan 1900 00:00:00 +0000', '3'),
      prepared({ id: '4', date: 'yesterday' }),
      prepared(
        { id: '5', date: 'Thu, 1 Jan 1970 00:00:00 +0000' },
        { otherDate: { date: Date.UTC(2016, 0, 1), source: 'received' } },
      ),
      withSeparator('Tue, 3 Mar 2015 09:00:00 -0100', '6'),
    ]);
    const dates = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map(async (id) => {
        const message = await archive.messageByHash(list, messageIdHash(id));
        return [new Date(message?.date ?? 0).toISOString().slice(0, 10), message?.dateSource];
      }),
    );
    expect(dates).toEqual([
      ['2015-03-03', 'date'],
      ['2015-03-03', 'separator'],
      ['2015-03-03', 'separator'],
      ['2015-03-03', 'neighbour'],
      ['2016-01-01', 'received'],
      ['2015-03-03', 'date'],
    ]);
  });

  test('finds messages by number, old path and alias, and what stands beside them', async () => {
    const { archive, list } = await bench();
    const alias = 'A'.repeat(32);
    const added = await archive.add(list, [
      prepared({ id: '1', date: JANUARY }, { number: 7, oldPath: '2015-January/000007.html' }),
      prepared({ id: '2', date: MARCH }, { alias }),
    ]);
    const [first, second] = added.map(({ id }) => id);
    expect((await archive.messageByNumber(list, 7))?.id).toBe(first);
    expect((await archive.messageByNumber(list, 8))?.id).toBe(second);
    expect((await archive.messageByOldPath(list, '2015-January/000007.html'))?.id).toBe(first);
    expect((await archive.messageByHash(list, alias))?.id).toBe(second);
    await archive.setOldPaths(list, [{ path: '2015-January/000007.html', message: second ?? 0 }]);
    const message = await archive.messageByOldPath(list, '2015-January/000007.html');
    expect(message?.id).toBe(second);
    if (!message) throw new Error('missing');
    const beside = await archive.messageNeighbours(message);
    expect([beside.previous?.id, beside.next?.id]).toEqual([first, undefined]);
    expect(await archive.messageByNumber(list, Number.NaN)).toBeUndefined();
    expect(await archive.messageByNumber(list, 1e300)).toBeUndefined();
  });

  test('counts months, posters, threads; pages of threads follow each other without gaps', async () => {
    const { archive, list } = await bench();
    await archive.add(
      list,
      Array.from({ length: 25 }, (_, index) =>
        prepared({
          id: `${index}`,
          subject: `Subject ${index}`,
          from: index < 20 ? 'Ant <ant@example.com>' : 'Bee <BEE@example.com>',
          date: index % 2 === 0 ? JANUARY : MARCH,
        }),
      ),
    );
    expect(await archive.months(list)).toEqual([
      { year: 2015, month: 1, messages: 13 },
      { year: 2015, month: 3, messages: 12 },
    ]);
    expect(
      (await archive.topPosters(list, 5)).map(({ sender, messages }) => [
        sender.address,
        sender.name,
        messages,
      ]),
    ).toEqual([
      ['ant@example.com', 'Ant', 20],
      ['BEE@example.com', 'Bee', 5],
    ]);
    expect(await archive.senderByAddress('bee@EXAMPLE.com')).toMatchObject({
      address: 'BEE@example.com',
      name: 'Bee',
    });
    const seen: string[] = [];
    for (let after: string | undefined, page = 0; page < 10; page += 1) {
      const { items, next } = await archive.recentThreads(list, { limit: 10, after });
      for (const { subject } of items) seen.push(subject);
      after = next;
      if (next === undefined) break;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
    const january = await archive.monthThreads(list, 2015, 1, { limit: 10 });
    expect(january.items).toHaveLength(10);
    expect(
      (await archive.monthThreads(list, 2015, 1, { limit: 10, after: january.next })).items,
    ).toHaveLength(3);
    const bee = await archive.senderByAddress('bee@example.com');
    expect(
      (await archive.messages({ lists: [list], sender: bee?.id ?? 0 }, { limit: 10 })).items,
    ).toHaveLength(5);
    expect((await archive.recentThreads(list, { limit: 10, after: "x' OR 1" })).items).toHaveLength(10);
  });

  const snapshot = async (archive: Archive, list: number) => ({
    list: await archive.list('ant.example.com'),
    months: await archive.months(list),
    posters: await archive.topPosters(list, 50),
    threads: (await archive.recentThreads(list, { limit: 500 })).items.map(({ id, ...rest }) => rest),
    messages: (await archive.messages({ lists: [list] }, { limit: 500 })).items.map(
      ({ thread, ...rest }) => rest,
    ),
    search: (await archive.search({ lists: [list], text: 'hello', order: 'date', offset: 0, limit: 100 }))
      .total,
  });

  test('pages of a month show each thread once, by its last message in it', async () => {
    const { archive, list } = await bench();
    const days = [1, 2, 3, 4, 5, 1, 2, 9, 1];
    await archive.add(
      list,
      days.map((thread, day) =>
        prepared({
          id: `${day}`,
          subject: `Subject ${thread}`,
          date: `${day + 1} Jan 2015 10:00:00 +0000`,
          ...(days.indexOf(thread) < day ? { inReplyTo: `<${days.indexOf(thread)}>` } : {}),
        }),
      ),
    );
    await archive.add(list, [
      prepared({ id: 'later', subject: 'x', date: '1 Feb 2015 10:00:00 +0000', inReplyTo: '<0>' }),
    ]);
    const seen: string[] = [];
    for (let after: string | undefined, page = 0; page < 9; page += 1) {
      const { items, next } = await archive.monthThreads(list, 2015, 1, { limit: 2, after });
      for (const { subject, inMonth } of items) seen.push(`${subject}: ${inMonth}`);
      after = next;
      if (next === undefined) break;
    }
    expect(seen).toEqual([
      'Subject 1: 3',
      'Subject 9: 1',
      'Subject 2: 2',
      'Subject 5: 1',
      'Subject 4: 1',
      'Subject 3: 1',
    ]);
  });

  test('made anew from the originals, it is the same', async () => {
    const { archive, list } = await bench();
    const { id: run } = await archive.openRun(list, 'a');
    await archive.add(
      list,
      Array.from({ length: 40 }, (_, index) =>
        prepared(
          {
            id: `${index}`,
            subject: index % 3 === 0 ? 'Re: Lunch' : `Subject ${index % 7}`,
            from: `Ant ${index % 4} <ant${index % 4}@example.com>`,
            date: index % 2 === 0 ? JANUARY : MARCH,
            ...(index % 5 === 4 ? { inReplyTo: `<${index - 3}>` } : {}),
          },
          index < 20 ? { source: { run, offset: index }, oldPath: `2015/${index}.html` } : {},
        ),
      ),
    );
    const before = await snapshot(archive, list);
    const progress: number[] = [];
    await archive.rebuild(
      list,
      (source) => prepared(source.bytes, source),
      (done) => progress.push(done),
    );
    expect(await snapshot(archive, list)).toEqual(before);
    expect(progress).toEqual([40]);
    expect(await archive.messageByOldPath(list, '2015/3.html')).toBeDefined();
  });

  test('without a message, it counts as if that had never come', async () => {
    const build = async (count: number) => {
      const { archive, list } = await bench();
      const added = await archive.add(
        list,
        Array.from({ length: count }, (_, index) =>
          prepared({
            id: `${index}`,
            subject: `Subject ${index % 3}`,
            from: `Ant ${index % 2} <ant${index % 2}@example.com>`,
            date: index < 5 ? JANUARY : MARCH,
            ...(index === 5 ? { inReplyTo: '<1>' } : {}),
          }),
        ),
      );
      return { archive, list, last: added.at(-1)?.id ?? 0 };
    };
    const whole = await build(6);
    await whole.archive.deleteMessages([whole.last]);
    const never = await build(5);
    expect(await snapshot(whole.archive, whole.list)).toEqual(await snapshot(never.archive, never.list));
    expect(await whole.archive.stats()).toMatchObject({ messages: 5, threads: 3 });
  });

  test('lists move and go, with all that was kept of them', async () => {
    const { archive, list } = await bench();
    await archive.add(list, [prepared({ id: '1', body: 'Treasure.\n' }, { oldPath: 'a.html' })]);
    await archive.setOldFile(list, 'attachments/a.bin', {
      type: 'image/png',
      content: Buffer.from([1, 2, 3]),
      modified: 5,
    });
    expect(await archive.oldFile(list, 'attachments/a.bin')).toEqual({
      type: 'image/png',
      content: Buffer.from([1, 2, 3]),
      modified: 5,
    });
    await archive.openList('bee.example.com');
    await archive.moveList('ant.example.com', 'bee.example.com');
    expect(await archive.list('ant.example.com')).toBeUndefined();
    expect(await archive.list('bee.example.com')).toMatchObject({ id: list, messages: 1 });
    expect(await archive.presentName('ant.example.com')).toBe('bee.example.com');
    expect(await archive.presentNames('ant')).toEqual(['bee.example.com']);
    expect(await archive.presentNames('an')).toEqual([]);
    const { id: other } = await archive.openList('cat.example.com');
    await archive.add(other, [prepared({ id: '2' })]);
    await expect(archive.moveList('cat.example.com', 'bee.example.com')).rejects.toThrow(
      'has 1 messages already',
    );
    await expect(archive.moveList('gone.example.com', 'new.example.com')).rejects.toThrow(
      'no list gone.example.com',
    );
    expect(await archive.deleteList('bee.example.com')).toBe(true);
    expect(await archive.deleteList('bee.example.com')).toBe(false);
    expect(await archive.stats()).toMatchObject({ lists: 1, messages: 1, oldPaths: 0, oldFiles: 0 });
    expect(
      (await archive.search({ lists: [list, other], text: 'treasure', order: 'date', offset: 0, limit: 5 }))
        .total,
    ).toBe(0);
  });

  test('two processes may write at once', async () => {
    const url = await place.freshUrl();
    const [one, other] = [await openStore(url), await openStore(url)];
    const { id } = await one.openList('ant.example.com');
    await Promise.all(
      [one, other].flatMap((archive, writer) =>
        Array.from({ length: 5 }, (_, index) =>
          archive.add(id, [
            prepared({ id: `${writer}.${index}`, subject: 'Re: one subject', from: `a${index}@example.com` }),
          ]),
        ),
      ),
    );
    expect(await one.list('ant.example.com')).toMatchObject({ messages: 10, threads: 1 });
    const [thread] = (await other.recentThreads(id, { limit: 5 })).items;
    expect(thread).toMatchObject({ messages: 10, participants: 5 });
  });
});

test('MariaDB is refused with the place in the configuration', async () => {
  const { openArchive } = await import('../../../src/archiving/store/open.ts');
  const { defaultConfig } = await import('../../support/services.ts');
  const config = defaultConfig();
  const where = (section: string, key: string) => `mailman.cfg:3: [${section}] ${key}`;
  await expect(
    openArchive({ archive: { ...config.archive, url: 'mysql://u:secret@h/db' }, where }),
  ).rejects.toThrow(/^mailman\.cfg:3: \[archive\] url: mysql:\/\/u:\*\*\*@h\/db is a MariaDB/);
});

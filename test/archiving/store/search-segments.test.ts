import { describe, expect, test } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import type { PreparedMessage } from '../../../src/archiving/store/incoming.ts';
import { NumberWriter } from '../../../src/archiving/store/search/segments/numbers.ts';
import {
  placesOf,
  readOccurrences,
  writeOccurrences,
} from '../../../src/archiving/store/search/segments/occurrences.ts';
import { joinSegments } from '../../../src/archiving/store/search/segments/segment.ts';
import { readPage, wordKey, writePages } from '../../../src/archiving/store/search/segments/word-pages.ts';
import type { SearchQuery } from '../../../src/archiving/store/types.ts';
import { onServer, sqlitePlace } from '../../database/dialects.ts';
import { openStore, prepared } from './places.ts';

const WORDS = [
  'alpha',
  'alphabet',
  'beta',
  'gamma',
  'delta',
  'ゲーム',
  '会議資料',
  '𠮷野家',
  'Ünïcödé',
  'été',
];

/** Numbers that look random and are the same each time. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 99; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state >>> 8;
  }
}

function mails(count: number, prefix: string): PreparedMessage[] {
  const random = randomNumbers();
  const pick = () => WORDS[random.next().value % WORDS.length] ?? '';
  const words = (many: number) => Array.from({ length: many }, pick).join(' ');
  return Array.from({ length: count }, (_, number) =>
    prepared({
      id: `${prefix}${number}`,
      subject: words(2),
      from: `${pick()} <${number % 3 === 0 ? 'anna' : 'bart'}@example.com>`,
      body: `${words(1 + (number % 9))} number${number}.\n`,
      date: `Mon, 5 Jan ${2010 + (number % 7)} 10:00:00 +0000`,
    }),
  );
}

const QUERIES = [
  ...[
    'alpha',
    'alpha beta',
    'alpha*',
    'beta -gamma',
    '-alpha',
    '-"alpha beta"',
    '"alpha beta"',
    '"beta alph*"',
  ],
  ...[
    'subject:delta',
    'subject:"delta gamma"',
    'from:anna alpha',
    'from:ゲーム',
    '会議',
    '料',
    '𠮷',
    '"𠮷野家 été"',
  ],
  ...[
    'unicode',
    'ete*',
    'number1*',
    'number12',
    '-beta*',
    '"gamma delta alpha"',
    'alpha -subject:alpha',
    'nothing',
  ],
];

await onServer('postgresql', 'segments of the index', (place) => {
  const sqlite = sqlitePlace();

  async function add(archive: Archive): Promise<number> {
    const { id: list } = await archive.openList('ant.example.com');
    const all = mails(150, 'm');
    // One by one, as posts come: small segments are joined again and again.
    for (const mail of all.slice(0, 75)) await archive.add(list, [mail]);
    await archive.add(list, all.slice(75));
    return list;
  }

  async function answers(archive: Archive, list: number): Promise<Record<string, readonly string[]>> {
    const base: SearchQuery = { lists: [list], text: '', order: 'date', offset: 0, limit: 100 };
    const found: Record<string, readonly string[]> = {};
    const ask = async (name: string, query: SearchQuery) => {
      const first = await archive.search(query);
      const second = await archive.search({ ...query, offset: 100 });
      found[name] = [...first.items, ...second.items].map(({ message }) => message.messageId).sort();
      expect(found[name]).toHaveLength(first.total);
    };
    for (const text of QUERIES) await ask(text, { ...base, text });
    await ask('in 2012', { ...base, since: Date.UTC(2012, 0, 5), until: Date.UTC(2013, 0, 1) });
    await ask('alpha since', { ...base, text: 'alpha', since: Date.UTC(2014, 0, 5, 10) });
    return found;
  }

  test('find what SQLite finds, while they are joined, after deleting, and built anew', async () => {
    const [ours, theirs] = [
      await openStore(await place.freshUrl()),
      await openStore(await sqlite.freshUrl()),
    ];
    const [list, other] = [await add(ours), await add(theirs)];
    const expected = await answers(theirs, other);
    expect(expected.alpha?.length).toBeGreaterThan(20);
    expect(await answers(ours, list)).toEqual(expected);
    for (const [archive, own] of [
      [ours, list],
      [theirs, other],
    ] as const) {
      const { items } = await archive.search({
        ...{ lists: [own], text: 'subject:alpha', order: 'date', offset: 0, limit: 20 },
      });
      await archive.deleteMessages(items.map(({ message }) => message.id));
      for (const mail of mails(20, 'later')) await archive.add(own, [mail]);
    }
    const later = await answers(theirs, other);
    expect(later).not.toEqual(expected);
    expect(await answers(ours, list)).toEqual(later);
    await ours.rebuild(list, (source) => prepared(source.bytes, source));
    expect(await answers(ours, list)).toEqual(later);
    await ours.deleteList('ant.example.com');
    const again = await ours.openList('ant.example.com');
    expect(
      (await ours.search({ lists: [list, again.id], text: 'alpha', order: 'date', offset: 0, limit: 9 }))
        .total,
    ).toBe(0);
  });

  test('stay few, and nothing is left of what was joined', async () => {
    const url = await place.freshUrl();
    const archive = await openStore(url);
    await add(archive);
    const { databaseSize } = await archive.stats(undefined);
    expect(databaseSize).toBeGreaterThan(0);
    const name = new URL(url).pathname.slice(1);
    const [row] = await place.server.execute(
      name,
      `SELECT count(*)::integer AS segments, sum(messages)::integer AS messages,
         (SELECT count(*)::integer FROM archive_page WHERE segment_id NOT IN (SELECT id FROM archive_segment)) AS lost
       FROM archive_segment`,
    );
    expect(row).toMatchObject({ messages: 150, lost: 0 });
    expect(Number(row?.segments)).toBeLessThan(24);
  });

  test('are bounded by their words too, so that large mails are not in memory together', async () => {
    const url = await place.freshUrl();
    const archive = await openStore(url);
    const { id: list } = await archive.openList('ant.example.com');
    const body = `${'log line '.repeat(15_000)}\n`;
    await archive.add(
      list,
      Array.from({ length: 40 }, (_, number) => prepared({ id: `large${number}`, body })),
    );
    const segments = await place.server.execute(
      new URL(url).pathname.slice(1),
      'SELECT messages, words FROM archive_segment ORDER BY last_id',
    );
    expect(segments.map(({ messages }) => messages)).toEqual([33, 7]);
    for (const { words } of segments) expect(Number(words)).toBeLessThanOrEqual(1_000_000);
    const { total } = await archive.search({
      ...{ lists: [list], text: '"line log"', order: 'date', offset: 0, limit: 9 },
    });
    expect(total).toBe(40);
  });
});

describe('pages of words', () => {
  test('have words in the order of their octets, whatever the script', () => {
    const words = new Map(
      [...WORDS, '\u{1F600}', '\uFFFD', 'a', ''].map((word, at) => [wordKey(word), [at]] as const),
    );
    const [page, ...others] = [...writePages(words)];
    expect(others).toEqual([]);
    const read = [...readPage(page?.content ?? Buffer.alloc(0), '', () => true)];
    const octets = read.map(([word]) => Buffer.from(word, 'latin1'));
    expect(octets).toEqual([...octets].sort(Buffer.compare));
    expect(new Map(read.map(([word, occurrences]) => [word, [...occurrences]]))).toEqual(words);
  });

  test('are bounded, and tell a word from those around it', () => {
    const words = new Map(
      Array.from({ length: 5000 }, (_, at) => [`word${at}`, [at, at + 2 ** 33]] as const),
    );
    const pages = [...writePages(words)];
    expect(pages.length).toBeGreaterThan(5);
    const found = pages.flatMap(({ content }) => [
      ...readPage(content, 'word12', (word) => word === 'word12'),
    ]);
    expect(found.map(([word, occurrences]) => [word, [...occurrences]])).toEqual([
      ['word12', [12, 12 + 2 ** 33]],
    ]);
  });

  test('keep places of all fields of many messages', () => {
    const occurrences = [0, 3999].flatMap((message) =>
      (['body', 'subject', 'sender', 'files'] as const).flatMap((field) =>
        [0, 1, 127, 128, 400_000].map((place) => placesOf(message, field) + place),
      ),
    );
    const writer = new NumberWriter();
    writeOccurrences(writer, occurrences);
    expect([...readOccurrences(writer.take())]).toEqual(occurrences);
  });
});

describe('joined segments', () => {
  test('have the messages of all in order, and none that is gone', () => {
    const segment = (ids: readonly number[], word: string) => ({
      members: ids.map((id) => ({ id, length: 1 })),
      words: new Map([
        [word, ids.map((_, at) => placesOf(at, 'body'))],
        ['both', ids.map((_, at) => placesOf(at, 'body') + 1)],
      ]),
    });
    const joined = joinSegments(
      [segment([1, 4, 6], 'one'), segment([2, 5], 'other')],
      (id) => id !== 4 && id !== 5,
    );
    expect(joined.members.map(({ id }) => id)).toEqual([1, 2, 6]);
    expect(Object.fromEntries(joined.words)).toEqual({
      one: [placesOf(0, 'body'), placesOf(2, 'body')],
      other: [placesOf(1, 'body')],
      both: [placesOf(0, 'body') + 1, placesOf(1, 'body') + 1, placesOf(2, 'body') + 1],
    });
  });
});

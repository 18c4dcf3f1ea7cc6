import { expect, test } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import type { SearchQuery } from '../../../src/archiving/store/types.ts';
import { onEachStore, prepared, type Written } from './places.ts';

const MAILS: readonly Written[] = [
  {
    id: 'lunch',
    subject: 'Where to have lunch',
    from: 'Anna Ant <anna@example.com>',
    body: 'There is a Café near the old harbour.\nThe quick brown fox.\n',
    date: 'Mon, 5 Jan 2015 10:00:00 +0000',
  },
  {
    id: 'fox',
    subject: 'A fox',
    from: 'Bart Bee <bart@example.org>',
    body: 'The brown and quick fox ran. Fußball und Straße, NAÏVE, Ελλάς.\n',
    date: 'Tue, 3 Mar 2015 10:00:00 +0000',
  },
  {
    id: 'meeting',
    subject: '来週の会議について',
    from: '山田太郎 <taro@example.jp>',
    body: '明日の会議の資料を送ります。ﾃｽﾄ です。東京都の件。\n',
    date: 'Wed, 6 May 2020 10:00:00 +0900',
  },
  {
    id: 'hangul',
    subject: '회의 자료',
    from: 'Kim <kim@example.kr>',
    body: '내일 회의에서 자료를 보냅니다.\n',
    date: 'Thu, 7 May 2020 10:00:00 +0900',
  },
  {
    id: 'chinese',
    subject: '北京',
    from: 'Li <li@example.cn>',
    body: '我们明天开会，请准备资料。我在北京大学。\n',
    date: 'Fri, 8 May 2020 10:00:00 +0800',
  },
  {
    id: 'thai',
    subject: 'ประชุม',
    from: 'Chai <chai@example.th>',
    body: 'พรุ่งนี้มีการประชุมใหญ่\n',
    date: 'Sat, 9 May 2020 10:00:00 +0700',
  },
  {
    id: 'file',
    subject: 'The numbers',
    from: 'Anna Ant <anna@example.com>',
    date: 'Sun, 10 May 2020 10:00:00 +0000',
    headers: { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=X' },
    body: '--X\nContent-Type: text/plain\n\nSee the attached table.\n--X\nContent-Type: application/pdf; name="budget-2020_final.pdf"\nContent-Disposition: attachment; filename="budget-2020_final.pdf"\n\nPDF\n--X--\n',
  },
];

const BASE: SearchQuery = { lists: [], text: '', order: 'relevance', offset: 0, limit: 20 };

await onEachStore('search', (place) => {
  let opening: Promise<{ archive: Archive; list: number; other: number }> | undefined;
  const bench = () => {
    opening ??= (async () => {
      const archive = await place.open();
      const { id: list } = await archive.openList('ant.example.com');
      const { id: other } = await archive.openList('bee.example.com');
      await archive.add(
        list,
        MAILS.map((mail) => prepared(mail)),
      );
      await archive.add(other, [prepared({ id: 'other', subject: 'lunch elsewhere', body: 'Lunch.\n' })]);
      return { archive, list, other };
    })();
    return opening;
  };
  const find = async (text: string, more: Partial<SearchQuery> = {}) => {
    const { archive, list } = await bench();
    const { items, total } = await archive.search({ ...BASE, lists: [list], text, ...more });
    expect(total).toBe(items.length);
    return items.map(({ message }) => message.messageId).sort();
  };

  test('finds words in subject, body, sender and names of files, in any case and without accents', async () => {
    expect(await find('LUNCH')).toEqual(['lunch']);
    expect(await find('cafe')).toEqual(['lunch']);
    expect(await find('café harbour')).toEqual(['lunch']);
    expect(await find('fussball STRASSE naive')).toEqual(['fox']);
    expect(await find('ελλασ')).toEqual(['fox']);
    expect(await find('anna')).toEqual(['file', 'lunch']);
    expect(await find('bart@example.org')).toEqual(['fox']);
    expect(await find('budget')).toEqual(['file']);
    expect(await find('nothing')).toEqual([]);
  });

  test('takes phrases, exclusions, beginnings of words and fields', async () => {
    expect(await find('quick brown')).toEqual(['fox', 'lunch']);
    expect(await find('"quick brown"')).toEqual(['lunch']);
    expect(await find('quick -lunch')).toEqual(['fox']);
    expect(await find('-lunch -fox')).toEqual(['chinese', 'file', 'hangul', 'meeting', 'thai']);
    expect(await find('harb*')).toEqual(['lunch']);
    expect(await find('harb')).toEqual([]);
    expect(await find('subject:fox')).toEqual(['fox']);
    expect(await find('from:anna table')).toEqual(['file']);
    expect(await find('file:final')).toEqual(['file']);
    expect(await find('from:fox')).toEqual([]);
  });

  test('bounds the work of a query with many beginnings', async () => {
    expect(await find('h*')).toEqual([]);
    expect(await find('harb* lunc* qui* bro*')).toEqual(['lunch']);
    expect(await find('harb* lunc* qui* bro* fo*')).toEqual([]);
  });

  test('finds words of Japanese, Chinese, Korean and Thai, of two characters and of one', async () => {
    expect(await find('会議')).toEqual(['meeting']);
    expect(await find('資料')).toEqual(['meeting']);
    expect(await find('资料')).toEqual(['chinese']);
    expect(await find('会議資料')).toEqual([]);
    expect(await find('会議 資料')).toEqual(['meeting']);
    expect(await find('"会議の資料"')).toEqual(['meeting']);
    expect(await find('京')).toEqual(['chinese', 'meeting']);
    expect(await find('北京大学')).toEqual(['chinese']);
    expect(await find('テスト')).toEqual(['meeting']);
    expect(await find('山田')).toEqual(['meeting']);
    expect(await find('회의')).toEqual(['hangul']);
    expect(await find('자료')).toEqual(['hangul']);
    expect(await find('ประชุม')).toEqual(['thai']);
    expect(await find('会議 -資料')).toEqual([]);
  });

  test('keeps to lists, senders, periods and messages with attachments', async () => {
    const { list, other } = await bench();
    expect(await find('lunch', { lists: [other] })).toEqual(['other']);
    expect(await find('lunch', { lists: [list, other] })).toEqual(['lunch', 'other']);
    expect(await find('lunch', { lists: [] })).toEqual([]);
    expect(await find('', { from: 'anna@example.com' })).toEqual(['file', 'lunch']);
    expect(await find('', { hasAttachment: true })).toEqual(['file']);
    expect(await find('', { since: Date.UTC(2020, 4, 8) })).toEqual(['chinese', 'file', 'thai']);
    expect(await find('', { since: Date.UTC(2015, 2, 3, 10), until: Date.UTC(2020, 4, 6, 1) })).toEqual([
      'fox',
    ]);
    expect(await find('fox', { until: Date.UTC(2015, 1, 1) })).toEqual(['lunch']);
  });

  test('does not take what people write for its own words of the index', async () => {
    const { list } = await bench();
    expect(await find(`L${list}`)).toEqual([]);
    expect(await find('F')).toEqual([]);
    expect(await find('Y2015')).toEqual([]);
  });

  test('survives every query', async () => {
    for (const text of [
      '"',
      '""',
      '-',
      '*',
      '"*"',
      ':',
      "a'b",
      '\\',
      'a:b:c',
      '-"',
      '&|!<->',
      '(',
      'NEAR(a b)',
      'a AND',
      '\u0000',
      '\ud800',
      '％',
      '_'.repeat(5000),
      '会'.repeat(2000),
      `${'a '.repeat(500)}`,
    ])
      await find(text);
    expect(await find('!!!')).toEqual([]);
  });

  test('shows where it was found, and gives pages, the newest or the best first', async () => {
    const { archive, list } = await bench();
    const japanese = await archive.search({ ...BASE, lists: [list], text: '資料' });
    expect(japanese.items[0]?.snippet.filter(({ isMatch }) => isMatch)).toEqual([
      { text: '資料', isMatch: true },
    ]);
    const newest = await archive.search({ ...BASE, lists: [list], text: '', order: 'date', limit: 2 });
    expect(newest.items.map(({ message }) => message.messageId)).toEqual(['file', 'thai']);
    expect(newest).toMatchObject({ total: 7, isBounded: false });
    const following = await archive.search({
      ...BASE,
      lists: [list],
      text: '',
      order: 'date',
      limit: 2,
      offset: 2,
    });
    expect(following.items.map(({ message }) => message.messageId)).toEqual(['chinese', 'hangul']);
    const best = await archive.search({ ...BASE, lists: [list], text: 'fox' });
    expect(best.items.map(({ message }) => message.messageId)).toEqual(['fox', 'lunch']);
  });

  test('finds phrases of common words however old they are, those in subjects first', async () => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    const phrase = [
      prepared({ id: 'oldest', body: 'To be or not to be.\n' }),
      prepared({ id: 'subject', subject: 'Not to be', body: 'Something.\n' }),
    ];
    const words = Array.from({ length: 5_100 }, (_, number) =>
      prepared({ id: `${number}`, body: `Be to or not ${number}.\n` }),
    );
    await archive.add(id, phrase);
    for (let start = 0; start < words.length; start += 1000)
      await archive.add(id, words.slice(start, start + 1000));
    await archive.add(id, [prepared({ id: 'newest', body: 'Not to be found.\n' })]);
    archive.prepareSearch();
    const search = async (text: string, order: SearchQuery['order'], limit: number) => {
      const { items, total, isBounded } = await archive.search({ ...BASE, lists: [id], text, order, limit });
      return { ids: items.map(({ message }) => message.messageId), total, isBounded };
    };
    expect(await search('"not to be"', 'date', 10)).toEqual({
      ids: ['newest', 'subject', 'oldest'],
      total: 3,
      isBounded: false,
    });
    expect((await search('"not to be"', 'relevance', 10)).ids[0]).toBe('subject');
    expect((await search('"not to be" -found', 'date', 10)).ids).toEqual(['subject', 'oldest']);
    expect((await search('"or not to be"', 'relevance', 10)).ids).toEqual(['oldest']);
    expect((await search('subject:"not to be"', 'date', 10)).ids).toEqual(['subject']);
    expect(await search('"be to or"', 'date', 10)).toMatchObject({ total: 5000, isBounded: true });
    expect((await search('to be -"be to"', 'date', 10)).ids).toEqual(['newest', 'subject', 'oldest']);
  });

  test('shows messages of a list that was deleted and made anew', async () => {
    const archive = await place.open();
    const keys: number[] = [];
    for (const word of ['former', 'later']) {
      const { id } = await archive.openList('ant.example.com');
      keys.push(id);
      // So many that what is stored begins with a dictionary of their own.
      const mails = Array.from({ length: 40 }, (_, at) =>
        prepared({ id: `${word}${at}`, body: `The ${word} text has words of its own: ${word}${at}.\n` }),
      );
      await archive.add(id, mails);
      const { items } = await archive.search({ ...BASE, lists: [id], text: word, limit: 40 });
      expect(items).toHaveLength(40);
      for (const { snippet } of items) expect(snippet.map(({ text }) => text).join('')).toContain(word);
      await archive.deleteList('ant.example.com');
    }
    expect(new Set(keys).size).toBe(2);
  });

  test('no longer finds what was deleted', async () => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    const [added] = await archive.add(id, [prepared({ id: '1', body: 'Unique word.\n' })]);
    expect((await archive.search({ ...BASE, lists: [id], text: 'unique' })).total).toBe(1);
    await archive.deleteMessages([added?.id ?? 0]);
    expect((await archive.search({ ...BASE, lists: [id], text: 'unique' })).total).toBe(0);
  });
});

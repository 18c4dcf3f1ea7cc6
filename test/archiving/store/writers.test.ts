import { expect, test } from 'vitest';
import { readMembers } from '../../../src/archiving/store/search/segments/segment.ts';
import { onServer } from '../../database/dialects.ts';
import { openStore, prepared } from './places.ts';

const LIST = 'ant.example.com';
/** Messages of each writer. */
const COUNT = 24;

await onServer('postgresql', 'writers of one archive', (place) => {
  const indexed = async (url: string): Promise<readonly number[]> => {
    const rows = await place.server.execute(
      new URL(url).pathname.slice(1),
      'SELECT members FROM archive_segment',
    );
    return rows.flatMap(({ members }) => readMembers(members as Buffer).map(({ id }) => id));
  };

  const body = (name: string, number: number): string => `A word, and ${name}x${number}.\n`;

  test('do not stop each other, and index each message once, while the list is made anew', async () => {
    const url = await place.freshUrl();
    const [one, other, third] = [await openStore(url), await openStore(url), await openStore(url)];
    const { id: list } = await one.openList(LIST);
    await one.add(
      list,
      Array.from({ length: 60 }, (_, at) => prepared({ id: `old${at}`, body: body('old', at) })),
    );
    const { items } = await one.messages({ lists: [list] }, { limit: 20 });
    const gone = items.map(({ id }) => id);
    const posts = async (archive: typeof one, name: string) => {
      for (let at = 0; at < COUNT; at += 1)
        await archive.add(list, [prepared({ id: `${name}${at}`, body: body(name, at) })]);
    };
    await Promise.all([
      posts(one, 'one'),
      posts(other, 'other'),
      // Two of one mind: what both delete is counted once.
      (async () => {
        await Promise.all([one.deleteMessages(gone), other.deleteMessages(gone)]);
        for (let time = 0; time < 4; time += 1)
          await third.rebuild(list, (source) => prepared(source.bytes, source));
      })(),
    ]);
    const ids = await indexed(url);
    expect(ids).toHaveLength(new Set(ids).size);
    const found = await one.search({ lists: [list], text: 'word', order: 'date', offset: 0, limit: 100 });
    expect(found.total).toBe(40 + 2 * COUNT);
    expect(found.items).toHaveLength(found.total);
    expect(new Set(found.items.map(({ message }) => message.messageId)).size).toBe(found.total);
    expect(await one.list(LIST)).toMatchObject({ messages: found.total });
  });

  test('leave nothing behind of a list that is deleted while posts come', async () => {
    const url = await place.freshUrl();
    const [one, other] = [await openStore(url), await openStore(url)];
    const post = (at: number) => ({
      bytes: Buffer.from(`Message-ID: <${at}>\n\nA word.\n`),
      receivedAt: Date.UTC(2026, 10, 20),
      traits: { subjectPrefix: '', charsets: [] },
    });
    for (let at = 0; at < 10; at += 1) await one.addPosts(LIST, [post(at)]);
    const first = await one.list(LIST);
    await Promise.all([
      other.deleteList(LIST),
      (async () => {
        for (let at = 10; at < 10 + COUNT; at += 1)
          // As the archive queue does: what the deleted list did not take goes into a new one.
          await one.addPosts(LIST, [post(at)]).catch(() => one.addPosts(LIST, [post(at)]));
      })(),
    ]);
    await other.deleteList(LIST);
    expect(first?.messages).toBe(10);
    expect(await one.lists()).toEqual([]);
    const [row] = await place.server.execute(
      new URL(url).pathname.slice(1),
      `SELECT (SELECT count(*) FROM archive_message)::integer AS messages,
         (SELECT count(*) FROM archive_thread)::integer AS threads,
         (SELECT count(*) FROM archive_segment)::integer AS segments,
         (SELECT count(*) FROM archive_page)::integer AS pages`,
    );
    expect(row).toEqual({ messages: 0, threads: 0, segments: 0, pages: 0 });
  });
});

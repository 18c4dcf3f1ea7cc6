import { expect, test } from 'vitest';
import { sqlitePlace } from '../../database/dialects.ts';
import { onEachStore, openStore, prepared } from './places.ts';

/** How much of the time that the processors work for this process is spent in the thread that asks, while work is done. */
async function ownShare(work: Promise<unknown>): Promise<number> {
  const whole = process.cpuUsage();
  const own = process.threadCpuUsage();
  await work;
  const spent = ({ user, system }: NodeJS.CpuUsage) => user + system;
  return spent(process.threadCpuUsage(own)) / spent(process.cpuUsage(whole));
}

await onEachStore('searches', (place) => {
  test('a search does not stop the process that asks for it', async () => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    const letters = 'abcdefghij';
    const messages = Array.from({ length: 4000 }, (_, index) =>
      prepared({ id: `${index}`, subject: `${index}`, body: `${[...letters].join(' ')} ${index}\n` }),
    );
    for (let start = 0; start < messages.length; start += 500)
      await archive.add(id, messages.slice(start, start + 500));
    const search = (text: string) =>
      archive.search({ lists: [id], text, order: 'relevance', offset: 0, limit: 100 });
    await search('a');
    const texts = Array.from({ length: 30 }, (_, index) => `${[...letters].join(' ')} -${index}`);
    expect(await ownShare(Promise.all(texts.map(search)))).toBeLessThan(1 / 3);
  });
});

test('searches end with the archive, and too many at once are refused', async () => {
  const archive = await openStore(await sqlitePlace().freshUrl());
  const { id } = await archive.openList('ant.example.com');
  await archive.add(id, [prepared({ id: '1' })]);
  const search = async () =>
    archive.search({ lists: [id], text: 'hello', order: 'date', offset: 0, limit: 5 });
  const results = await Promise.allSettled(Array.from({ length: 550 }, search));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(500);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { message: 'Too many searches at once; try again later' },
  });
  expect((await search()).total).toBe(1);
  const last = expect(search()).rejects.toThrow('The archive is being closed');
  await archive.close();
  await last;
});

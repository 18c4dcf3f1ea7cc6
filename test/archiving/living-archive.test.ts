import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createArchiveWork } from '../../src/archiving/archive-consumer.ts';
import type { ArchivedPost, Archiver } from '../../src/archiving/archivers/archiver.ts';
import { archiveLinks } from '../../src/archiving/links.ts';
import { openArchiveAt } from '../../src/archiving/store/open.ts';
import type { ArchiverConfig } from '../../src/config/config.ts';
import type { Config } from '../../src/config/index.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { processors } from '../../src/server/processors.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { defaultConfig } from '../support/services.ts';

const place = sqlitePlace();
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const SECTION: ArchiverConfig = {
  class: 'mailman.archiving.prototype.Prototype',
  enable: true,
  configuration: { kind: 'none' },
  clobber_date: 'maybe',
  clobber_skew: 86_400,
  name: 'prototype',
  kind: 'prototype',
};

/** A server's queues with the archive, and one further archiver that a test brings. */
async function setUp(options: { readonly url?: string; readonly further?: Archiver } = {}) {
  const url = options.url ?? (await place.freshUrl());
  const base = defaultConfig();
  const archivers = new Map(options.further ? [['prototype', SECTION]] : []);
  const config: Config = { ...base, archive: { ...base.archive, url }, archivers };
  const bench: FlowBench = await openFlowBench({ config });
  const work = createArchiveWork(config, options.further ? { prototype: options.further } : {});
  const engine = new QueueEngine(
    bench.services,
    { processors, consumers: { archive: work.consumer } },
    'test',
  );
  await engine.start();
  ends.push(async () => {
    await engine.stop();
    await work.close();
    await bench.close();
  });
  await bench.join(['anne@example.com']);
  const post = (headers: Record<string, string> = {}, body?: string) =>
    engine.accept(
      'in',
      Buffer.from(mail({ From: 'anne@example.com', ...headers }, body).replace(/\r?\n/g, '\r\n')),
      {
        listid: 'ant.example.com',
        to_list: true,
        envelope_sender: 'anne@example.com',
        received_time: bench.clock.now(),
      },
    );
  const open = async () => {
    const archive = await openArchiveAt(url);
    ends.push(() => archive.close());
    return archive;
  };
  return { ...bench, config, engine, post, open, url };
}

test('a post is in the archive within a second, under the hash that its permalink has', async () => {
  const { engine, post, open } = await setUp();
  const archive = await open();
  await post({ 'Message-ID': '<first@example.com>', Subject: 'Lunch' }, 'Where to?\n');
  await engine.drain();
  const list = await archive.list('ant.example.com');
  const message = await archive.messageByHash(list?.id ?? 0, messageIdHash('<first@example.com>'));
  expect(message).toMatchObject({ messageId: 'first@example.com', sender: { address: 'anne@example.com' } });
  const found = await archive.search({
    lists: [list?.id ?? 0],
    text: 'where',
    order: 'date',
    offset: 0,
    limit: 5,
  });
  expect(found.total).toBe(1);
  const waits: number[] = [];
  for (const id of ['second', 'third', 'fourth']) {
    const started = performance.now();
    await post({ 'Message-ID': `<${id}@example.com>`, Subject: 'Supper' }, 'Where to?\n');
    await engine.drain();
    waits.push(performance.now() - started);
  }
  expect(Math.min(...waits)).toBeLessThan(1000);
  expect((await archive.list('ant.example.com'))?.messages).toBe(4);
});

test('what neither list nor author wants archived is not', async () => {
  const { engine, post, open, set } = await setUp();
  await post({ 'Message-ID': '<1@example.com>', 'X-No-Archive': 'yes' });
  await post({ 'Message-ID': '<2@example.com>', 'X-Archive': 'No' });
  await engine.drain();
  await set({ archive_policy: 'never' });
  await post({ 'Message-ID': '<3@example.com>' });
  await engine.drain();
  expect(await (await open()).lists()).toEqual([]);
});

test('while the archive is away mail goes out, and posts wait until it is back', async () => {
  const folder = join(place.folder, 'later');
  const { engine, post, open, database, clock, services } = await setUp({
    url: `sqlite:///${folder}/archive.db`,
  });
  await post({ 'Message-ID': '<1@example.com>' });
  await engine.drain();
  expect((await listEntries(database.connection, 'out')).length).toBe(1);
  const [waiting] = await listEntries(database.connection, 'archive');
  expect(JSON.parse(waiting?.metadata ?? '')).toMatchObject({ archivers_left: ['web'] });
  expect(services.logged.map(({ line }) => line).join('\n')).toMatch(
    /A post to ant\.example\.com waits for the archive; web: .*\[archive\] url: Database .*cannot be opened/,
  );
  mkdirSync(folder);
  clock.advance(20);
  await engine.drain();
  expect(await listEntries(database.connection, 'archive')).toEqual([]);
  expect(await (await open()).list('ant.example.com')).toMatchObject({ messages: 1 });
});

test('an archiver that fails gets the post again, the others do not; after days it is shunted', async () => {
  const seen: ArchivedPost[] = [];
  const further: Archiver = {
    wants: () => true,
    archive: async (post) => {
      seen.push(post);
      throw new Error('away');
    },
  };
  const { engine, post, open, database, clock } = await setUp({ further });
  await post({ 'Message-ID': '<1@example.com>', Date: 'Mon, 5 Jan 2015 10:00:00 +0000' });
  for (let day = 0; day < 8; day += 1) {
    await engine.drain();
    clock.advance(86_400);
  }
  expect(seen.length).toBeGreaterThan(3);
  expect(seen[0]?.message.headers.get('X-Original-Date')).toBe('Mon, 5 Jan 2015 10:00:00 +0000');
  expect(await (await open()).list('ant.example.com')).toMatchObject({ messages: 1 });
  expect(await listEntries(database.connection, 'archive')).toEqual([]);
  const [shunted] = await listEntries(database.connection, 'shunt');
  expect(JSON.parse(shunted?.metadata ?? '')).toMatchObject({
    whichq: 'archive',
    archivers_left: ['prototype'],
  });
});

test('a hash that the post carries leads to it, even where its Message-ID has another', async () => {
  const { engine, post, open } = await setUp();
  const carried = messageIdHash('<before@example.com>');
  await post({ 'Message-ID': '<after@example.com>', 'Message-ID-Hash': carried });
  await engine.drain();
  const archive = await open();
  const list = await archive.list('ant.example.com');
  expect(await archive.messageByHash(list?.id ?? 0, carried)).toMatchObject({
    messageId: 'after@example.com',
  });
});

test('links of the form of HyperKitty are given where the pages have an address', async () => {
  const { config, list } = await setUp();
  expect(archiveLinks(config, await list(), 'HASH')).toEqual([]);
  const web = { ...config.web, enabled: true, base_url: 'https://lists.example.com/' };
  expect(archiveLinks({ ...config, web }, await list(), 'HASH')).toEqual([
    {
      archiver: 'web',
      listUrl: 'https://lists.example.com/archives/list/ant@example.com/',
      permalink: 'https://lists.example.com/archives/list/ant@example.com/message/HASH/',
    },
  ]);
});

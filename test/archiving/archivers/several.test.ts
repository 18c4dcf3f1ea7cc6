import { afterEach, beforeEach, expect, test } from 'vitest';
import { createArchiveWork } from '../../../src/archiving/archive-consumer.ts';
import type { Archiver } from '../../../src/archiving/archivers/archiver.ts';
import { listEntries } from '../../../src/database/queue-entries.ts';
import { QueueEngine } from '../../../src/queue/engine.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
});

afterEach(() => bench.close());

test('each archiver that the list wants gets a post; one that fails alone gets it again', async () => {
  const seen: string[] = [];
  let isAway = true;
  const noting = (kind: string, fails: () => boolean): Archiver => ({
    wants: () => true,
    archive: async () => {
      seen.push(kind);
      if (fails()) throw new Error('away');
    },
  });
  const { config } = bench.services;
  const section = (name: string, kind: 'prototype' | 'mhonarc' | 'hyperkitty') => {
    const { prototype } = Object.fromEntries(config.archivers);
    if (!prototype) throw new Error('no such section');
    return [name, { ...prototype, name, kind, enable: true }] as const;
  };
  const work = createArchiveWork(
    {
      ...config,
      archive: { ...config.archive, enabled: false },
      archivers: new Map([
        section('one', 'prototype'),
        section('two', 'mhonarc'),
        section('three', 'hyperkitty'),
      ]),
    },
    {
      prototype: noting('one', () => false),
      mhonarc: noting('two', () => isAway),
      hyperkitty: noting('three', () => false),
      'mail-archive': noting('four', () => false),
    },
  );
  await bench.set({ disabled_archivers: ['three'] });
  const engine = new QueueEngine(
    bench.services,
    { processors: {}, consumers: { archive: work.consumer } },
    'test',
  );
  await engine.start();
  await engine.accept('archive', Buffer.from(mail().replaceAll('\n', '\r\n')), { listid: 'ant.example.com' });
  await engine.drain();
  expect(seen.sort()).toEqual(['one', 'two']);
  const [waiting] = await listEntries(bench.database.connection, 'archive');
  expect(JSON.parse(waiting?.metadata ?? '')).toMatchObject({ archivers_left: ['two'] });
  isAway = false;
  bench.clock.advance(60);
  engine.wake();
  await engine.drain();
  expect(seen).toEqual(['one', 'two', 'two']);
  expect(await listEntries(bench.database.connection, 'archive')).toEqual([]);
  await engine.stop();
  await work.close();
});

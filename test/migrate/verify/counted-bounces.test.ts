import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { PyBytes, PyDict, PyFloat } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { type Verified, verifyList } from '../../../migrate/verify/verify-list.ts';
import { processBounces } from '../../../src/bounces/process-bounces.ts';
import { insertBounceEvents } from '../../../src/database/bounce-events.ts';
import { laterBy } from '../../../src/model/time.ts';
import { copySite, listIdOf, SITE } from '../site/fixture-site.ts';
import { openSiteBench, type SiteBench } from '../site/site-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-counted-'));
let bench: SiteBench;

beforeEach(async () => {
  bench = await openSiteBench();
});

afterEach(() => bench.close());

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function verified(path = SITE): Promise<Verified> {
  return verifyList(bench.database.connection, openSite(path), 'plain', {
    domainOf: new Map(),
    now: bench.clock.now(),
  });
}

test('a bounce that waited at Mailman 2 and was counted here is named, and is no difference', async () => {
  await bench.run(undefined, { lists: ['plain'] });
  await bench.step((step) => processBounces(step));
  const { differences, counted_here } = await verified();
  expect(differences).toEqual([]);
  expect(counted_here).toEqual([
    'a bounce of bert@example.net, not counted there, came over and counted here',
  ]);
});

test('so is the end of delivery that it has brought about', async () => {
  const site = copySite(join(folder, 'threshold'));
  const path = join(site, 'lists/plain/config.pck');
  const config = readPickle(readFileSync(path));
  if (!(config instanceof PyDict)) throw new Error('no dictionary');
  config.set(new PyBytes('bounce_score_threshold'), new PyFloat(1));
  writeFileSync(path, writePickle(config));
  await bench.run(site, { lists: ['plain'] });
  await bench.step((step) => processBounces(step));
  const { differences, counted_here } = await verified(site);
  expect(differences).toEqual([]);
  expect(counted_here).toEqual([
    'a bounce of bert@example.net, not counted there, came over and counted here: no more mail goes there',
  ]);
});

test('a bounce that came only here is a difference, also of the same member', async () => {
  await bench.run(undefined, { lists: ['plain'] });
  await insertBounceEvents(
    bench.database.connection,
    listIdOf('plain'),
    ['anna@example.com', 'bert@example.net'],
    {
      context: 'normal',
      // One a day counts.
      receivedAt: laterBy(bench.clock.now(), 86_400),
      content: Buffer.from('Subject: bounce\r\n\r\n'),
    },
  );
  await bench.step((step) => processBounces(step));
  const { differences } = await verified();
  expect(differences.map(({ subject }) => subject).sort()).toEqual([
    'bounce_info[anna@example.com]',
    'bounce_info[bert@example.net]',
  ]);
});

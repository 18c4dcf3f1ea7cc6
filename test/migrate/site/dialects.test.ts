import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportList } from '../../../migrate/export21/index.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { outcomeChangedNothing } from '../../../migrate/site/run-list.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { valueDifferences } from '../../../migrate/verify/differences.ts';
import { verifyList } from '../../../migrate/verify/verify-list.ts';
import { onEachDialect } from '../../database/dialects.ts';
import { SITE } from './fixture-site.ts';
import { openSiteBench } from './site-bench.ts';

const LISTS = ['plain', 'nihongo-users', 'vereinsrundbrief', 'members-lab'];

await onEachDialect('a site', ({ freshUrl }) => {
  it('comes over, stays as it is in a second run, and goes back as it was', async () => {
    const bench = await openSiteBench(await freshUrl());
    const first = await bench.run(undefined, { lists: LISTS, queues: true });
    expect(first.failed).toEqual([]);
    const second = await bench.run(undefined, { lists: LISTS, queues: true });
    expect(second.lists.every(outcomeChangedNothing)).toBe(true);
    const { connection } = bench.database;
    const options = { domainOf: new Map(), now: bench.clock.now() };
    for (const name of LISTS) {
      const { differences, damaged_there } = await verifyList(connection, openSite(SITE), name, options);
      expect(differences).toEqual([]);
      expect(damaged_there).toEqual(name === 'plain' ? ['held message 6 (heldmsg-plain-6.pck)'] : []);
      const { files } = await exportList(connection, await bench.list(name), bench.clock.now());
      for (const file of ['config.pck', 'request.pck', 'pending.pck']) {
        const before = readPickle(readFileSync(join(SITE, 'lists', name, file)));
        const after = readPickle(files.get(file) ?? Buffer.alloc(0));
        expect([...valueDifferences(before, after, file)]).toEqual([]);
      }
    }
    await bench.close();
  });

  it('comes over whole by two runs at the same moment', async () => {
    const url = await freshUrl();
    const first = await openSiteBench(url);
    const second = await openSiteBench(url);
    const lists = ['staff', 'chapter-south', 'chapter-north', 'privat', 'help-request'];
    const reports = await Promise.all([first.run(SITE, { lists }), second.run(SITE, { lists })]);
    expect(reports.map(({ failed }) => failed)).toEqual([[], []]);
    const made = reports.flatMap(({ lists: outcomes }) => outcomes.filter(({ created }) => created));
    expect(made.map(({ name }) => name).sort()).toEqual([...lists].sort());
    await Promise.all([first.close(), second.close()]);
  });
});

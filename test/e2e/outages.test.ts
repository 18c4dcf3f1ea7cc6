import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { onServer } from '../database/dialects.ts';
import { missingPostfix, type Postfix, startPostfix } from '../peers/postfix.ts';
import { describeWhere } from '../support/where-available.ts';
import { prepareList } from './list-life.ts';
import { relayDomain } from './postfix-ways.ts';
import { Site, type SitePlan } from './site.ts';

const LIST = 'ant@lists.example.com';
/** A whole site is made in each test. */
const TEST_LIMIT = { timeout: 300_000 };

const PATIENCE = { timeout: 60_000, interval: 50 };

/** More than what SQLite has room for in files that it has already. */
const LONG_TEXT = `${'x'.repeat(70)}\n`.repeat(40_000);

interface Place {
  readonly site: Site;
  readonly postfix: Postfix;
}

const leavings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const leave of leavings.splice(0).reverse()) await leave();
});

/** A site whose Postfix can be told to try again. */
async function start(configure: SitePlan['configure']): Promise<Place> {
  const found: { postfix?: Postfix } = {};
  const site = await Site.start({
    startMailServer: async (settings) => {
      found.postfix = await startPostfix(settings);
      return found.postfix;
    },
    configure,
    people: { anne: '', bart: '' },
    prepare: async (made) => prepareList(made, LIST, ['anne', 'bart']),
  });
  leavings.push(() => site.stop());
  if (!found.postfix) throw new Error('There is no Postfix');
  return { site, postfix: found.postfix };
}

/** Posts while nothing can be stored: Postfix keeps it, and each member gets it once after `mend`. */
async function postMeanwhile(
  { site, postfix }: Place,
  text: string,
  reply: RegExp,
  mend: () => unknown,
): Promise<void> {
  const people = [site.person('anne'), site.person('bart')];
  const subjects = ['first', 'second'];
  for (const subject of subjects) await people[0]?.write({ to: LIST, subject, text });
  const deferred = /to=<ant@.*status=deferred \((.*)/g;
  await expect
    .poll(() => Array.from(postfix.log().matchAll(deferred), ([, said]) => said), PATIENCE)
    .toEqual(subjects.map(() => expect.stringMatching(reply)));
  await mend();
  await expect.poll(() => site.isHealthy(), PATIENCE).toBe(true);
  await expect
    .poll(
      () => {
        execFileSync('postqueue', ['-c', postfix.configFolder, '-f']);
        return postfix.queued();
      },
      { timeout: 120_000, interval: 1000 },
    )
    .toBe(0);
  for (const person of people) for (const subject of subjects) await person.next(subject);
  await site.settled();
  for (const person of people) expect(person.unread()).toEqual([]);
}

describeWhere(missingPostfix(), 'Postfix keeps the mail', () => {
  test('while the disk is full', TEST_LIMIT, async (context) => {
    let folder = '';
    const { site, postfix } = await start((surroundings, writeFile) => {
      folder = surroundings.folder;
      if (!mountSmall(folder)) context.skip('no file system can be mounted here');
      leavings.push(() => void execFileSync('umount', ['-l', folder]));
      return relayDomain.configure(surroundings, writeFile);
    });
    await site.change(LIST, { max_message_size: 0 });
    const filler = join(folder, 'filler');
    fill(folder, filler);
    expect(site.mailmanFails('create', 'bee@lists.example.com')).toMatch(/^[^\n]*full[^\n]*\n$/);
    await postMeanwhile({ site, postfix }, LONG_TEXT, /452 .*insufficient system storage/, () =>
      rmSync(filler),
    );
    expect(site.mailman('lists', '-q').trim()).toBe(LIST);
  });
});

await onServer('postgresql', 'Postfix keeps the mail, if there is one', ({ server, freshUrl }) => {
  test.skipIf(missingPostfix())('while the database is away', TEST_LIMIT, async () => {
    const url = await freshUrl();
    const name = url.slice(url.lastIndexOf('/') + 1);
    const allow = (isAllowed: boolean) =>
      server.execute('postgres', `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${isAllowed}`);
    const place = await start((...given) => {
      const { mailmanCfg, configuration } = relayDomain.configure(...given);
      return { configuration, mailmanCfg: `${mailmanCfg}[database]\nurl: ${url}\n` };
    });
    await allow(false);
    await server.execute(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    await expect.poll(() => place.site.isHealthy(), PATIENCE).toBe(false);
    expect(place.site.mailmanFails('lists')).toMatch(/^[^\n]* takes no connections at present[^\n]*\n$/);
    await postMeanwhile(place, 'Hello.\n', /451 .*error in processing/, () => allow(true));
  });
});

/** Mounting needs rights that a container seldom has. */
function mountSmall(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Leaves no room in a file system. */
function fill(folder: string, file: string): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(file, Buffer.alloc(bavail * bsize));
}

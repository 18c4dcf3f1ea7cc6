import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingPostfix, startPostfix } from '../peers/postfix.ts';
import { freePort } from '../peers/throwaway.ts';
import { describeWhere } from '../support/where-available.ts';
import { prepareList } from './list-life.ts';
import type { Person } from './person.ts';
import { relayDomain } from './postfix-ways.ts';
import { Site } from './site.ts';

const LIST = 'ant@lists.example.com';
/** What people see; requests go to the machine itself. */
const ADDRESS = 'https://archive.example.com';
const BOARD = 'bee@lists.example.com';

describeWhere(missingPostfix(), 'the archive of a list behind Postfix', () => {
  let site: Site;
  let anne: Person;
  let bart: Person;
  let origin: string;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    site = await Site.start({
      startMailServer: startPostfix,
      configure: relayDomain.configure,
      people: { anne: 'Anne Person', bart: '', owen: '' },
      prepare: async (made) => {
        made.configure(`[web]\nport: ${port}\nbase_url: ${ADDRESS}/`);
        prepareList(made, LIST, ['anne', 'bart']);
        made.mailman('create', BOARD);
        made.addMembers(BOARD, 'regular', 'anne@people.example', 'bart@people.example');
        await made.change(BOARD, { archive_policy: 'private' });
      },
    });
    [anne, bart] = [site.person('anne'), site.person('bart')];
  });

  afterAll(() => site?.stop());

  const get = (url: string) => fetch(url, { redirect: 'manual' });

  /** Waits until something is on a page. @returns after how many milliseconds */
  async function shownOn(path: string, text: string): Promise<number> {
    const started = performance.now();
    for (;;) {
      const page = await (await get(origin + path)).text();
      if (page.includes(text)) return performance.now() - started;
      if (performance.now() - started > 30_000) throw new Error(`${text} is not on ${path}: ${page}`);
      await sleep(20);
    }
  }

  test('a post is on the web at once, where its Archived-At leads', async () => {
    await anne.write({ to: LIST, subject: 'a walk', text: 'Do you come along?\n' });
    // Postfix has it; one second more is what the way through the list may take, and it is never slow.
    expect(await shownOn('/archives/list/ant@lists.example.com/', 'a walk')).toBeLessThan(15_000);
    const letter = await bart.next('a walk');
    const permalink = letter.header('Archived-At').replace(/^<|>$/g, '');
    expect(permalink).toMatch(
      new RegExp(`^${ADDRESS}/archives/list/ant@lists\\.example\\.com/message/[A-Z2-7]{32}/$`),
    );
    const page = await get(permalink.replace(ADDRESS, origin));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Do you come along?');
    const raw = await (await get(`${permalink.replace(ADDRESS, origin)}raw/`)).text();
    expect(raw).toContain(letter.header('Message-ID'));
  });

  test('an answer joins its thread and is found', async () => {
    await bart.write({ to: LIST, subject: 'Re: a walk', text: 'To the zweihundertmeterbrunnen.\n' });
    await shownOn('/archives/list/ant@lists.example.com/search/?q=zweihundertmeterbrunnen', '<mark>');
    expect(await shownOn('/archives/list/ant@lists.example.com/', '2 messages')).toBeLessThan(15_000);
  });

  test('what its author wants kept out is kept out', async () => {
    await anne.write({ to: LIST, subject: 'not for ever', fields: { 'X-No-Archive': 'Yes' } });
    await anne.write({ to: LIST, subject: 'nor this', fields: { Archive: 'no' } });
    await anne.write({ to: LIST, subject: 'but this' });
    await shownOn('/archives/list/ant@lists.example.com/', 'but this');
    await bart.next('not for ever');
    await bart.next('nor this');
    await site.settled();
    const page = await (await get(`${origin}/archives/list/ant@lists.example.com/latest/`)).text();
    expect(page).not.toContain('not for ever');
    expect(page).not.toContain('nor this');
  });

  test('a private list asks who is there', async () => {
    await anne.write({ to: BOARD, subject: 'between us' });
    const letter = await bart.next('between us');
    await site.settled();
    const permalink = letter.header('Archived-At').replace(/^<|>$/g, '').replace(ADDRESS, origin);
    for (const url of [permalink, `${permalink}raw/`, `${origin}/archives/list/bee@lists.example.com/`]) {
      const answer = await get(url);
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        expect.stringContaining('/accounts/login/?next='),
      ]);
    }
    const found = await (await get(`${origin}/archives/search/?q=between`)).text();
    expect(found).not.toContain('between us');
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findList } from '../../../src/database/lists.ts';
import { findMembers } from '../../../src/database/members.ts';
import { type HttpListening, listenHttp } from '../../../src/http/listening.ts';
import { inBrowser } from '../browser.ts';
import { forgetMails, mailsTo } from '../client.ts';
import { makeSite, type Site } from '../site.ts';
import { ANNE, fillLists, listPages } from './sample-lists.ts';

let site: Site;
let server: HttpListening;
let origin: string;

beforeAll(async () => {
  // What people call the site is known only when it listens; links of mails are followed by their paths.
  site = await makeSite({ base_url: 'http://lists.example.com/' });
  await fillLists(site);
  server = await listenHttp(site.app, '127.0.0.1', 0);
  origin = `http://127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server.stop();
  await site.close();
});

async function signIn(page: Page): Promise<void> {
  await page.goto(`${origin}/accounts/login/`);
  await page.fill('#email', ANNE.email);
  await page.fill('#password', ANNE.password);
  await Promise.all([page.waitForURL(`${origin}/accounts/`), page.press('#password', 'Enter')]);
}

const isMember = async (email: string): Promise<boolean> => {
  const { connection } = site.services.database;
  const list = await findList(connection, 'ume@example.com');
  return (await findMembers(connection, list?.listId ?? '', 'member', [email])).has(email);
};

/** Moves on by the Tab key until something with this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let left = 40; left > 0; left -= 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(
      `(() => { const one = document.activeElement; return one.labels?.[0]?.textContent?.trim() || one.textContent.trim(); })()`,
    );
    if (focused === name) return;
  }
  throw new Error(`Tab leads to nothing called ${name} on ${page.url()}`);
}

/** The path that a mail of this address links to. */
async function linkTo(email: string): Promise<string> {
  const [mail] = await mailsTo(site, email);
  return /http:\/\/lists\.example\.com(\/\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
}

inBrowser('pages about lists in a browser', (open) => {
  test.each([390, 1280])(
    'every page fits %i pixels, without complaints',
    async (width) => {
      const { page, complaints, escapes } = await open(origin, { width });
      await signIn(page);
      for (const [name, path] of Object.entries(listPages)) {
        const response = await page.goto(origin + path);
        expect(response?.status(), name).toBe(200);
        expect(await page.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
        expect(complaints, name).toEqual([]);
        expect(escapes, name).toEqual([]);
        expect(await page.locator('h1').count(), name).toBe(1);
        expect(await page.locator('html').getAttribute('lang')).toBe(name === 'japanese' ? 'ja' : 'en');
        const levels = await page
          .locator('h1, h2, h3')
          .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
        expect(levels.every((level, index) => index === 0 || level <= (levels[index - 1] ?? 0) + 1)).toBe(
          true,
        );
        // Every field has a label, nothing is a script, and no two things have the same id.
        expect(
          await page.evaluate(
            `[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter((field) => field.labels.length === 0).length +
           document.querySelectorAll('script').length +
           [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size`,
          ),
          name,
        ).toBe(0);
      }
    },
    60_000,
  );

  test('somebody joins, sets options and leaves by keyboard alone, without scripts', async () => {
    const email = 'hana@people.example';
    const { page } = await open(origin, { width: 390, javaScript: false });
    await forgetMails(site);
    await page.goto(`${origin}/mailman/listinfo/ume`);
    await tabTo(page, 'メールアドレス');
    await page.keyboard.type(email);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/subscribe/');
    await page.goto(origin + (await linkTo(email)));
    await tabTo(page, '参加する');
    await page.keyboard.press('Enter');
    await page.getByText('会員になりました').waitFor();
    expect(await isMember(email)).toBe(true);

    await forgetMails(site);
    await page.goto(`${origin}/mailman/options/ume/hana--at--people.example`);
    await tabTo(page, 'リンクを送る');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/accounts/link/');
    await page.goto(origin + (await linkTo(email)));
    await page.locator('main form button').press('Enter');
    await page.waitForURL('**/options/');
    await tabTo(page, '投稿するたびに受付の通知を受け取る');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText('オプションを変更しました').waitFor();
    expect(await page.locator('input[name=acknowledge_posts]').isChecked()).toBe(true);
    await tabTo(page, 'はい、退会します');
    await page.keyboard.press('Space');
    await tabTo(page, '退会する');
    await page.keyboard.press('Enter');
    await page.getByText('会員ではなくなりました').waitFor();
    expect(await isMember(email)).toBe(false);
  }, 30_000);

  test('a moderator decides by keyboard', async () => {
    const { page } = await open(origin, { width: 390 });
    await signIn(page);
    await page.goto(`${origin}/mailman/admindb/ant`);
    await tabTo(page, 'Which sugar in winter?');
    await page.keyboard.press('Space');
    await tabTo(page, 'Discard silently');
    await page.keyboard.press('Enter');
    await page.getByText('1 decided.').waitFor();
    expect(await page.getByText('Which sugar in winter?').count()).toBe(0);
  });

  test('the page of a cutover renews itself without a script', async () => {
    const { page } = await open(origin, { javaScript: false });
    await signIn(page);
    const [response] = await Promise.all([
      page.waitForResponse((answer) => answer.url() === `${origin}/cutover/`),
      page.goto(`${origin}/cutover/`),
    ]);
    expect(response.headers().refresh).toBe('10');
  });
});

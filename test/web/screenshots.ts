import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { listenHttp } from '../../src/http/listening.ts';
import { fillSite } from './sample-mails.ts';
import { makeSite } from './site.ts';

/**
 * Writes a picture of every page, at the width of a phone and of a desktop, light and dark:
 * `node test/web/screenshots.ts FOLDER`.
 */
const [folder = 'screenshots', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const site = await makeSite();
await fillSite(site);
const server = await listenHttp(site.app, '127.0.0.1', 0);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const ant = '/archives/list/ant@example.com';
const archived = await site.archive.list('ant.example.com');
const newest = await site.archive.messages({ lists: [archived?.id ?? 0] }, { limit: 40 });
const found = (text: string) => newest.items.find(({ subject }) => subject.includes(text))?.hash ?? '';
const threads = await site.archive.recentThreads(archived?.id ?? 0, { limit: 50 });
const longest = threads.items.toSorted((a, b) => b.messages - a.messages)[0];
const day = new Date();
const pages: Readonly<Record<string, string>> = {
  lists: '/archives/',
  overview: `${ant}/`,
  latest: `${ant}/latest/`,
  months: `${ant}/months/`,
  month: `${ant}/${day.getUTCFullYear()}/${String(day.getUTCMonth() + 1).padStart(2, '0')}/`,
  thread: `${ant}/thread/${longest?.hash}/`,
  message: `${ant}/message/${found('picture')}/`,
  html: `${ant}/message/${found('Newsletter')}/?view=html`,
  headers: `${ant}/message/${found('picture')}/headers/`,
  author: `${ant}/author/1/`,
  search: '/archives/search/?q=sensor',
  list_search: `${ant}/search/?q=tunnel&attachment=1`,
  sign_in: '/accounts/login/',
  not_found: '/nowhere/',
  japanese: '/archives/list/ume@example.com/',
};
for (const [name, path] of Object.entries(pages).filter(([name]) => name.includes(only))) {
  for (const [kind, width, scheme] of [
    ['desktop', 1280, 'light'],
    ['phone', 390, 'light'],
    ['dark', 1280, 'dark'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    await page.goto(`http://127.0.0.1:${server.port}${path}`);
    await page.screenshot({ path: `${folder}/${name}-${kind}.png`, fullPage: true });
    await page.close();
  }
}
await browser.close();
await server.stop();
await site.close();

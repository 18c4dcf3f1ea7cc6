import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { listenHttp } from '../../../src/http/listening.ts';
import { makeSite } from '../site.ts';
import { ANNE, fillLists, listPages } from './sample-lists.ts';

/** Writes a picture of every page about lists: `node test/web/lists/screenshots.ts FOLDER`. */
const [folder = 'screenshots', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const site = await makeSite();
await fillLists(site);
const server = await listenHttp(site.app, '127.0.0.1', 0);
const origin = `http://127.0.0.1:${server.port}`;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [kind, width, scheme] of [
  ['desktop', 1280, 'light'],
  ['phone', 390, 'light'],
  ['dark', 1280, 'dark'],
] as const) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const page = await context.newPage();
  const shoot = async (name: string, path: string): Promise<void> => {
    await page.goto(origin + path);
    await page.screenshot({ path: `${folder}/${name}-${kind}.png`, fullPage: true });
  };
  for (const name of ['info', 'door'])
    if (name.includes(only)) await shoot(`${name}-stranger`, listPages[name] ?? '/');
  await page.goto(`${origin}/accounts/login/`);
  await page.fill('#email', ANNE.email);
  await page.fill('#password', ANNE.password);
  await page.click('#by-password ~ form button');
  for (const [name, path] of Object.entries(listPages)) if (name.includes(only)) await shoot(name, path);
  await context.close();
}
await browser.close();
await server.stop();
await site.close();

import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { listenHttp } from '../../src/http/listening.ts';
import { pagesOf } from './pages.ts';
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
const pages = await pagesOf(site);
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

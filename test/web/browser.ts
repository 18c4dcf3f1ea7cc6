import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { describeWhere } from '../support/where-available.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What a page did beside showing itself. */
export interface Watched {
  readonly page: Page;
  /** Console errors and failed requests, with their text. */
  readonly complaints: string[];
  /** Addresses outside of the site that something wanted to load. */
  readonly escapes: string[];
}

/** Runs tests with a real browser. Where there is none, the tests are skipped by name; under CI they fail. */
export function inBrowser(
  title: string,
  tests: (
    open: (origin: string, options?: { width?: number; javaScript?: boolean }) => Promise<Watched>,
  ) => void,
): void {
  const missing = existsSync(CHROMIUM) ? undefined : `no browser at ${CHROMIUM}`;
  describeWhere(missing, title, () => {
    let browser: Browser | undefined;
    afterAll(async () => {
      await browser?.close();
    });
    tests(async (origin, { width = 1280, javaScript = true } = {}) => {
      browser ??= await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        javaScriptEnabled: javaScript,
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      const escapes: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await context.route('**/*', async (route) => {
        const url = route.request().url();
        if (url.startsWith(origin) || url.startsWith('data:')) return route.continue();
        escapes.push(url);
        return route.abort();
      });
      return { page, complaints, escapes };
    });
  });
}

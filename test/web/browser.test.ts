import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpListening, listenHttp } from '../../src/http/listening.ts';
import { inBrowser } from './browser.ts';
import { pagesOf } from './pages.ts';
import { fillSite } from './sample-mails.ts';
import { CONTROLS, type Spoken, spokenPage } from './screen-reader.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
let server: HttpListening;
let origin: string;
let pages: Readonly<Record<string, string>>;

const NAMES = [
  ...['lists', 'overview', 'latest', 'months', 'month', 'thread', 'flat', 'message', 'html', 'headers'],
  ...['author', 'search', 'list_search', 'sign_in', 'not_found', 'japanese'],
];

beforeAll(async () => {
  site = await makeSite();
  await fillSite(site, 8);
  server = await listenHttp(site.app, '127.0.0.1', 0);
  origin = `http://127.0.0.1:${server.port}`;
  pages = await pagesOf(site);
});

afterAll(async () => {
  await server.stop();
  await site.close();
});

/** Texts whose contrast to what is behind them is below 4.5 (WCAG 2.2, 1.4.3), with what it is. */
const FAINT_TEXTS = `(() => {
  const numbers = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let around = element; around; around = around.parentElement) {
      const color = numbers(getComputedStyle(around).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (texts.nextNode()) {
    const { parentElement: element, textContent: text } = texts.currentNode;
    if (text.trim() === '' || !element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const isPicture = element.namespaceURI.endsWith('svg');
    const [one, other] = [numbers(isPicture ? style.fill : style.color), behind(element)].map(luminance);
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faint.push(text.trim().slice(0, 40) + ': ' + contrast.toFixed(2));
  }
  return faint;
})()`;

/** What the link says that leads past the head of the page. */
async function skipText(page: Page): Promise<string> {
  return (await page.locator('a.skip[href="#content"]').textContent()) ?? '';
}

inBrowser('in a browser', (open) => {
  test('every page was thought of', () => {
    expect(Object.keys(pages)).toEqual(NAMES);
  });

  test.each(NAMES)('%s fits a phone and a desktop, with landmarks and without complaints', async (name) => {
    for (const width of [390, 1280]) {
      const { page, complaints, escapes } = await open(origin, { width });
      const response = await page.goto(origin + pages[name]);
      expect(response?.status()).toBe(name === 'not_found' ? 404 : 200);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(complaints.filter((text) => name !== 'not_found' || !text.includes('404'))).toEqual([]);
      expect(escapes).toEqual([]);
      expect(await page.locator('h1').count()).toBe(1);
      for (const landmark of ['banner', 'main', 'contentinfo', 'search'] as const)
        expect(await page.getByRole(landmark).count()).toBeGreaterThan(0);
      expect(await page.locator('html').getAttribute('lang')).toBe(name === 'japanese' ? 'ja' : 'en');
      // Headings go down by one step at a time.
      const levels = await page
        .locator('h1, h2, h3')
        .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
      expect(levels.every((level, index) => index === 0 || level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
      // Every field has a name, every picture a text, every link something to say.
      expect(
        await page.evaluate(
          `[...document.querySelectorAll('input:not([type=hidden]), select')].filter((field) => field.labels.length === 0).length +
           [...document.querySelectorAll('img:not([alt])')].length +
           [...document.querySelectorAll('a, button')].filter((one) => one.textContent.trim() === '' && !one.querySelector('img[alt]')).length`,
        ),
      ).toBe(0);
      await page.context().close();
    }
  });

  test.each(NAMES)('%s makes sense to a screen reader', async (name) => {
    const { page } = await open(origin);
    await page.goto(origin + pages[name]);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const spoken = await spokenPage(page);
      const withRole = (role: string) => spoken.filter((one) => one.role === role);
      const [whole] = spoken;
      expect([whole?.role, whole?.name]).toEqual(['RootWebArea', await page.title()]);
      // One way in for each part, and every further one called by its own name.
      for (const landmark of ['banner', 'main', 'contentinfo']) expect(withRole(landmark)).toHaveLength(1);
      for (const landmark of ['navigation', 'search', 'region', 'complementary']) {
        const names = withRole(landmark).map((one) => one.name);
        expect(new Set(names).size, `${landmark}: ${names}`).toBe(names.length);
        if (names.length > 1) expect(names).not.toContain('');
      }
      const landmarks = new Set(['banner', 'main', 'contentinfo', 'navigation', 'RootWebArea']);
      const isLost = ({ role, around, name: text }: Spoken): boolean =>
        role === 'StaticText' &&
        text !== '' &&
        !around.some((one) => landmarks.has(one.role) && one !== whole);
      expect(spoken.filter(isLost).map((one) => one.name)).toEqual([await skipText(page)]);
      const headings = withRole('heading');
      expect(headings.filter(({ level }) => level === 1)).toHaveLength(1);
      expect(headings.map((one) => one.name)).not.toContain('');
      const levels = headings.map(({ level }) => level ?? 0);
      expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
      const nameless = spoken.filter((one) => CONTROLS.has(one.role) && one.name === '');
      expect(nameless.map(({ role, around }) => `${role} in ${around[0]?.role}`)).toEqual([]);
      expect(spoken.find(({ role }) => role === 'link')?.name).toBe(await skipText(page));
      for (const table of withRole('table')) {
        const headers = spoken.filter(
          ({ role, around }) => ['columnheader', 'rowheader'].includes(role) && around.includes(table),
        );
        expect(headers.length).toBeGreaterThan(0);
        expect(headers.map((one) => one.name)).not.toContain('');
      }
    }
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)('all text stands out, where it is %s', async (colorScheme) => {
    const { page } = await open(origin);
    await page.emulateMedia({ colorScheme });
    for (const name of NAMES) {
      await page.goto(origin + pages[name]);
      expect(await page.evaluate(FAINT_TEXTS), name).toEqual([]);
    }
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    const [red = 0] = (String(background).match(/\d+/g) ?? []).map(Number);
    expect(red > 128 ? 'light' : 'dark').toBe(colorScheme);
    await page.context().close();
  });

  test('the keyboard reaches the content at once, and everything that can be used shows where it is', async () => {
    const { page } = await open(origin);
    await page.goto(origin + pages.thread);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    const seen = new Set<string>();
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      const [tag, outline] = (await page.evaluate(
        '[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineWidth]',
      )) as [string, string];
      expect(Number.parseFloat(outline)).toBeGreaterThan(1);
      seen.add(tag);
    }
    expect([...seen]).toContain('SUMMARY');
    await page.context().close();
  });

  test('a quote unfolds by keyboard, without JavaScript', async () => {
    const { page } = await open(origin, { javaScript: false });
    await page.goto(origin + pages.thread);
    const quote = page.locator('details.quote').first();
    expect(await quote.locator('blockquote').isVisible()).toBe(false);
    await quote.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await quote.locator('blockquote').isVisible()).toBe(true);
    await page.context().close();
  });

  test('a member signs in on the way to a private archive, reads it, and signs out', async () => {
    const [list] = (await site.archive.lists()).filter(({ listId }) => listId === 'bee.example.com');
    expect(list?.messages).toBe(1);
    await site.joinById('bee.example.com', 'queen@people.example', 'honey honey');
    const { page, complaints } = await open(origin, { width: 390, javaScript: false });
    await page.goto(`${origin}/archives/list/bee@example.com/`);
    await page.getByLabel('E-mail address').first().fill('queen@people.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('honey honey');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'A private matter' }).first().click();
    expect(await page.getByText('Nobody else may read this.').count()).toBe(1);
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(`${origin}/archives/list/bee@example.com/`);
    expect(page.url()).toContain('/accounts/login/');
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpListening, listenHttp } from '../../src/http/listening.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { ATTACKS, attackMail } from './attack-mails.ts';
import { inBrowser } from './browser.ts';
import { makeSite, type Site } from './site.ts';

let site: Site;
let server: HttpListening;
let origin: string;
let list: MailingList;
let hash: string;

beforeAll(async () => {
  site = await makeSite();
  list = await site.makeList('ant@example.com', {
    description: '<script>window.attacked = 40</script>',
    info: '<b onclick=x>',
  });
  await site.post(list, attackMail('attack'));
  server = await listenHttp(site.app, '127.0.0.1', 0);
  origin = `http://127.0.0.1:${server.port}`;
  const archived = await site.archive.list(list.listId);
  const { items } = await site.archive.messages({ lists: [archived?.id ?? 0] }, { limit: 1 });
  hash = items[0]?.hash ?? '';
});

afterAll(async () => {
  await server.stop();
  await site.close();
});

const PAGES = [
  '/archives/',
  '/archives/list/ant@example.com/',
  '/archives/list/ant@example.com/latest/',
  '/archives/list/ant@example.com/2024/03/',
  '/archives/list/ant@example.com/thread/HASH/',
  '/archives/list/ant@example.com/message/HASH/',
  '/archives/list/ant@example.com/message/HASH/?view=html',
  '/archives/list/ant@example.com/message/HASH/html/',
  '/archives/list/ant@example.com/message/HASH/headers/',
  '/archives/list/ant@example.com/message/HASH/raw/',
  '/archives/list/ant@example.com/author/1/',
  '/archives/search/?q=attacked',
  '/archives/search/?q=%22%3E%3Cscript%3Ewindow.attacked%3D50%3C%2Fscript%3E',
  '/archives/list/ant@example.com/search/?q=%27%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&from=%22%3E%3Cb%3E&after=%22',
  '/%3Cscript%3Ewindow.attacked=60%3C/script%3E',
  '/accounts/login/?next=%22%3E%3Cscript%3Ewindow.attacked%3D61%3C%2Fscript%3E',
];

inBrowser('a mail full of attacks', (open) => {
  test.each(PAGES)('does nothing on %s', async (path) => {
    const { page, complaints, escapes } = await open(origin);
    await page.goto(origin + path.replace('HASH', hash));
    for (const frame of page.frames()) {
      expect(await frame.evaluate('window.attacked')).toBeUndefined();
      expect(await frame.locator('script, object, embed, base, [onload], [onerror], [onclick]').count()).toBe(
        0,
      );
      expect(await frame.locator('a[href^="javascript:" i], a[href^="data:" i]').count()).toBe(0);
    }
    expect(page.url().startsWith(origin)).toBe(true);
    expect(escapes).toEqual([]);
    expect(complaints.filter((text) => !text.includes('status of 404'))).toEqual([]);
    await page.context().close();
  });
});

test('its HTML is left with text and harmless elements', async () => {
  const answer = await site.app.inject({ url: `/archives/list/ant@example.com/message/${hash}/html/` });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('The end');
  expect(answer.body).not.toMatch(/evil\.example(?!\/relative)/);
  expect(answer.body).not.toMatch(
    /\son\w+=|<(?:script|style>(?!:root)|form|input|iframe|object|embed|svg|math|meta http|base|link|video|audio)/i,
  );
  expect(answer.headers['content-security-policy']).toMatch(/sandbox/);
  expect(ATTACKS.length).toBeGreaterThan(20);
});

test('its files are downloads that no browser runs', async () => {
  const page = await site.app.inject({ url: `/archives/list/ant@example.com/message/${hash}/` });
  const links = [...page.body.matchAll(/href="([^"]+\/attachment\/[^"]+)"/g)].map(([, url = '']) => url);
  expect(new Set(links).size).toBe(3);
  for (const url of links) {
    const { headers, statusCode } = await site.app.inject({ url });
    expect(statusCode).toBe(200);
    expect(headers['content-disposition']).toMatch(/^attachment;/);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/sandbox/);
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSite, type Site } from '../../web/site.ts';

let site: Site;
beforeAll(async () => {
  site = await makeSite();
  await site.makeList('ant@example.com');
});
afterAll(() => site.close());

const PARTS = [
  '%00',
  '%ff',
  '%0d%0aX:1',
  '..',
  '%2e%2e%2f',
  'a'.repeat(900),
  '%F0%9F%90%9C',
  '\'"<>',
  '@',
  '@@',
  'ant@',
  '%',
  '*',
  '{x}',
  '^(a+)+$',
  '__proto__',
  'constructor',
  '1e999',
  '-1',
  '?x=%zz',
  '?email=%00%ff&name=%0d',
  '?start=-5&done=x&gone=',
  ';x=1',
  '%5c%5cevil.example',
];
const PLACES = [
  ...[
    '/lists/PART/',
    '/lists/ant@example.com/PART',
    '/lists/PART/options/',
    '/lists/ant@example.com/confirm/PART/',
  ],
  ...[
    '/lists/ant@example.com/moderation/post/PART/',
    '/lists/ant@example.com/members/PART',
    '/cutover/PART/',
  ],
  ...[
    'listinfo',
    'options',
    'subscribe',
    'confirm',
    'roster',
    'admin',
    'admindb',
    'edithtml',
    'rmlist',
    'private',
  ].flatMap((name) => [`/mailman/${name}/PART`, `/mailman/${name}/ant/PART`]),
  ...['/mailman/PART', '/cgi-bin/mailman/PART', '/pipermail/PART', '/mailman/options/ant/PART/PART'],
];

test.each(PLACES)('%s stays a page, whatever stands in it', async (place) => {
  for (const part of PARTS)
    for (const method of ['GET', 'POST'] as const) {
      const url = place.replaceAll('PART', part);
      const answer = await site.app.inject({
        method,
        url,
        ...(method === 'POST'
          ? {
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
              payload: 'email=%00%ff&cookie=%0d%0a&form_token=x&__proto__=1',
            }
          : {}),
      });
      expect(answer.statusCode, `${method} ${url}`).toBeLessThan(500);
      const { location } = answer.headers;
      if (location !== undefined)
        expect(new URL(String(location), 'http://127.0.0.1:8000/').host, url).toBe('127.0.0.1:8000');
    }
});

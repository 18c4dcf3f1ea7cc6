import { expect, test } from 'vitest';
import { Urls } from '../../src/web/urls.ts';
import { defaultConfig } from '../support/services.ts';

function urls(base_url: string): Urls {
  const { web } = defaultConfig();
  return new Urls({ web: { ...web, base_url } });
}

test.each([
  ['/archives/list/ant@example.com/?a=1', '/archives/list/ant@example.com/?a=1'],
  ['/a/../b/', '/b/'],
  ['/a//b/', '/a//b/'],
])('leads back to %s', (path, expected) => {
  expect(urls('https://lists.example.com/').local(path)).toBe(expected);
});

test.each([
  ...[
    '//evil.example/',
    '/\\evil.example/',
    '/.//evil.example/',
    '/x/..//evil.example/',
    '/%2e//evil.example/',
  ],
  ...[
    '/x/%2E%2E//evil.example/',
    '/x/../%2e//evil.example',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '\\\\evil.example',
  ],
  ...[
    'https://evil.example/',
    'javascript:alert(1)',
    'evil.example',
    '',
    '/x\r\nSet-Cookie: a=b',
    '/x/.\\/evil.example',
  ],
])('never leads to another site: %j', (path) => {
  expect(urls('https://lists.example.com/').local(path)).toBeUndefined();
});

test.each(['/lists/..//evil.example/', '/lists//../..//evil.example/', '//lists/', '/archives/'])(
  'nor out of its own folder: %j',
  (path) => {
    const found = urls('https://www.example.com/lists/').local(path);
    expect(found === undefined || /^\/[^/\\]/.test(found)).toBe(true);
  },
);

import { expect, test } from 'vitest';
import { confirmUrl } from '../../src/templates/web-links.ts';
import { sampleList } from '../database/samples.ts';
import { defaultConfig } from '../support/services.ts';

function link(base_url: string): string | undefined {
  const config = defaultConfig();
  return confirmUrl({ ...config, web: { ...config.web, base_url } }, sampleList('c++'), 'f00');
}

test('mails name the page that confirms, where others can reach it', () => {
  expect(link('https://lists.example.com/m/')).toBe(
    'https://lists.example.com/m/lists/c++@example.com/confirm/f00/',
  );
});

test.each(['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000', ''])(
  'mails do not name %j, which is another machine for each reader',
  (base) => {
    expect(link(base)).toBeUndefined();
  },
);

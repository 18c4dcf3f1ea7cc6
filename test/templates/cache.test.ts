import { expect, test } from 'vitest';
import { cachedTemplate, cacheTemplate, deleteExpiredTemplates } from '../../src/database/template-cache.ts';
import { putTemplate, templatesNamed } from '../../src/database/templates.ts';
import type { TemplateContext } from '../../src/model/template.ts';
import { onEachDialect } from '../database/dialects.ts';
import { moment, sampleList, storeList } from '../database/samples.ts';

const KEY = 'a'.repeat(64);

await onEachDialect('templates', (place) => {
  test('a fetched text is kept, replaced, and forgotten when it has expired', async () => {
    const { connection } = await place.open();
    expect(await cachedTemplate(connection, KEY)).toBeUndefined();
    const first = { text: 'Grüße, 皆さん 😀\n', expiresAt: moment('2024-01-02T00:00:00Z') };
    await cacheTemplate(connection, KEY, first);
    expect(await cachedTemplate(connection, KEY)).toEqual(first);
    const second = { text: null, expiresAt: moment('2024-01-03T00:00:00Z') };
    await cacheTemplate(connection, KEY, second);
    expect(await cachedTemplate(connection, KEY)).toEqual(second);
    expect(await deleteExpiredTemplates(connection, moment('2024-01-03T00:00:00Z'))).toBe(0);
    expect(await deleteExpiredTemplates(connection, moment('2024-01-03T00:00:01Z'))).toBe(1);
    expect(await cachedTemplate(connection, KEY)).toBeUndefined();
  });

  test('what is set under a name comes in the order of the contexts, one language before all', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const contexts: readonly TemplateContext[] = [
      { scope: 'list', listId: 'ant.example.com' },
      { scope: 'domain', mailHost: 'example.com' },
      { scope: 'site' },
    ];
    for (const context of [...contexts].reverse()) {
      for (const [name, language] of [
        ['help', ''],
        ['help', 'de'],
        ['other', ''],
      ] as const) {
        const source = { text: `${context.scope} ${name} ${language}` };
        await putTemplate(connection, context, { name, language, source });
      }
    }
    const found = await templatesNamed(connection, contexts, ['help']);
    expect(found.map(({ source }) => 'text' in source && source.text)).toEqual([
      'list help de',
      'list help ',
      'domain help de',
      'domain help ',
      'site help de',
      'site help ',
    ]);
    expect(await templatesNamed(connection, contexts, ['help', 'other'])).toHaveLength(9);
  });
});

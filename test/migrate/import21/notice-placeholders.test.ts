import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readListDir } from '../../../migrate/import21/list-dir.ts';
import { noticeTemplates } from '../../../migrate/import21/list-dir-names.ts';
import { Notes } from '../../../migrate/import21/report.ts';
import { isTemplateName, templateDefinitions } from '../../../src/templates/names.ts';
import { placeholdersIn } from '../../../src/templates/placeholders.ts';
import { listVariables } from '../../../src/templates/variables.ts';
import { sampleList } from '../../database/samples.ts';

/** A template that an owner changed must not reach members with placeholders that nobody fills. */

const folder = mkdtempSync(join(tmpdir(), 'ferryman-placeholders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ofEveryList = Object.keys(listVariables(sampleList('ant'), { siteOwner: '', language: 'en' }));

/** All that Mailman 2.1 fills in anywhere. */
const OLD_PLACEHOLDERS = [
  ...new Set([...noticeTemplates.values()].flatMap(({ placeholders }) => Object.keys(placeholders))),
  'optionsurl',
  'listinfo_url',
];

mkdirSync(join(folder, 'en'));
for (const file of noticeTemplates.keys())
  writeFileSync(join(folder, 'en', file), OLD_PLACEHOLDERS.map((name) => `%(${name})s\n`).join(''));
const context = { welcome: 'Hello.', webPageUrl: 'http://lists.example.com/mailman/' };
const templates = readListDir(folder, context, new Notes());

test.each(templates)('$name knows every placeholder that it comes with', ({ name, source }) => {
  if (!isTemplateName(name)) throw new Error(`${name} is no template`);
  const text = 'text' in source ? source.text : '';
  const known: readonly string[] = [...templateDefinitions[name].placeholders, ...ofEveryList];
  expect([...placeholdersIn(text)].filter((one) => !known.includes(one))).toEqual([]);
});

test.each(['list:user:notice:post', 'list:user:notice:warning', 'list:user:notice:welcome'])(
  '%s names the page of options as before',
  (name) => {
    expect(templates.find((template) => template.name === name)?.source).toEqual({
      text: expect.stringContaining(
        `http://lists.example.com/mailman/options/\${short_listname}/\${user_email_in_url}\n`,
      ),
    });
  },
);

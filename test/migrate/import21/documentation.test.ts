import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../../src/model/settings/index.ts';
import { install, makeList, succeed } from '../../support/mailman.ts';
import { expectedLists } from './site.ts';

const page = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/import21.md', () => {
  it('says of every setting of every real list what becomes of it', () => {
    const table = page('import21.md').split('## All settings')[1]?.split('\n### ')[0] ?? '';
    const named = new Set(Array.from(table.matchAll(/`(\w+)`/g), ([, name]) => name));
    const keys = new Set([...expectedLists.values()].flatMap(({ config }) => Object.keys(config)));
    keys.delete('some_old_patch_attribute');
    expect([...keys].filter((key) => !named.has(key))).toEqual([]);
  });
});

describe('docs/formats.md', () => {
  const text = page('formats.md');

  it('names every setting', () => {
    expect(settingNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every field of an export', () => {
    const server = install();
    makeList(server, 'ant@example.com', 'anne@example.com');
    const exported = JSON.parse(succeed(server.mailman('export', 'ant@example.com', '--secrets')));
    const [member] = exported.members;
    const fields = [exported, exported.settings, member, member.bounce].flatMap((part) => Object.keys(part));
    expect(fields.filter((field) => !text.includes(`\`${field}\``))).toEqual([]);
  });
});

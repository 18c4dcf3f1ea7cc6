import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertSubstitutions } from '../../../migrate/import21/substitutions.ts';
import { ConfigError } from '../../../src/config/errors.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import { compilePattern, PatternError } from '../../../src/model/pattern.ts';
import { expand, expandBothWays, placeholdersIn } from '../../../src/templates/placeholders.ts';
import { wrap } from '../../../src/templates/wrap.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

const CONFIG = `[mailman]
layout: local
site_owner: owner@example.com
default_language: en
[paths.local]
var_dir: /var/lib/mailman
[database]
url: sqlite:////var/lib/mailman/data/mailman.db
[mta]
incoming: mailman.mta.postfix.LMTP
lmtp_port: 8024
smtp_host: localhost
verp_delivery_interval: 1
delivery_retry_period: 5d
[logging.smtp]
level: info
path: smtp.log
[language.de]
description: German
charset: iso-8859-1
enabled: yes
[runner.in]
instances: 4
`;

/** A placeholder in braces. */
function braced(name: string): string {
  return `$\{${name}}`;
}

const configMaterial = {
  seeds: [Buffer.from(CONFIG)],
  tokens: [
    ...[
      '[',
      ']',
      ':',
      '=',
      '\n',
      '\r\n',
      '\n  ',
      '#',
      ';',
      '[mta]\n',
      '[runner.x]\n',
      '[language.]\n',
      '[.master]\n',
      'yes',
      'no',
      '5d',
      '-1',
    ],
    ...[
      braced('var_dir'),
      '$var_dir',
      '$$',
      '{',
      '}',
      'layout: fhs\n',
      'sqlite:///',
      'postgresql://a@b/c',
      'mysql://',
      '1e999',
      '65536',
      '[::1]',
    ],
    ...[
      'verp_regexp: (',
      'lmtp_port: ',
      '\t',
      ' ',
      '\0',
      '\ufeff',
      '\xff',
      '[__proto__]\n',
      'constructor: 1\n',
      'include: x\n',
    ],
  ],
};

/** Configuration files: read, or refused with reasons. */
export const config: Target = {
  name: 'config',
  make: (random) => makeInput(random, configMaterial),
  read: (input) => {
    try {
      parseConfig(input, 'mailman.cfg');
      load(input);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  },
  close: async () => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    folder = undefined;
  },
};

let folder: string | undefined;

function load(input: Buffer): void {
  folder ??= mkdtempSync(join(tmpdir(), 'ferryman-fuzz-'));
  const file = join(folder, 'mailman.cfg');
  writeFileSync(file, input);
  loadConfig({
    file,
    surroundings: {
      env: {},
      cwd: folder,
      argv0: '/nonexistent/bin/mailman',
      isFile: (path) => path === file,
    },
  });
}

const templateMaterial = {
  seeds: [
    Buffer.from(
      `To subscribe to $list_name write to ${braced('request_email')},\nor visit %(listinfo_page)s.\n\n  $$5 100%\n`,
    ),
    Buffer.from('これは$display_nameメーリングリストです。次のページを御覧ください。\n'),
  ],
  tokens: [
    ...[
      '$',
      '${',
      '}',
      '$$',
      '%',
      '%(',
      ')s',
      ')d',
      '%%',
      '$name',
      braced('name'),
      '%(name)s',
      '$__proto__',
      braced('constructor'),
      '\n',
      '\n\n',
      ' ',
    ],
    ...['\t', '日本語。', '（', '）', 'é', '😀', '\u200d', '\u0301', 'word', '. ', '\r', '\0', '\xff'],
  ],
};

/** Placeholders and wrapping of templates. */
export const templates: Target = {
  name: 'templates',
  make: (random) => makeInput(random, templateMaterial),
  read: (input) => {
    const text = input.toString('utf8');
    const variables = { name: 'A $name %(name)s', list_name: 'ant', display_name: 'Ant' };
    expand(text, variables);
    expandBothWays(text, variables);
    const known = new Map([
      ['listinfo_page', ''],
      ['name', 'name'],
    ]);
    for (const syntax of ['percent', 'dollar'] as const) {
      const converted = convertSubstitutions(text, syntax, known);
      expectThat(
        placeholdersIn(converted.text).length <= text.length,
        'no more placeholders than characters',
      );
    }
    const wrapped = wrap(text, { sentenceSpacing: true });
    const letters = (each: string) => each.replace(/[\s\u3000]+/g, '');
    expectThat(letters(wrapped) === letters(text), 'wrapping changes nothing but blanks');
  },
};

const patternMaterial = {
  seeds: [
    Buffer.from('^[^@]+@(.*\\.)?example\\.com$\nanne@example.com'),
    Buffer.from('(?P<a>x+x+)+y\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    Buffer.from('(?i)(?<!a)b(?=c)\\1{2,3}\nabc'),
  ],
  tokens: [
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '*',
      '+',
      '?',
      '|',
      '^',
      '$',
      '.',
      '\\',
      '\\b',
      '\\d',
      '\\Z',
      '\\A',
      '(?P<n>',
      '(?P=n)',
      '(?#',
      '(?i)',
      '(?x)',
    ],
    ...[
      '(?=',
      '(?<!',
      '(?:',
      '(?(1)',
      '[^',
      '[:alpha:]',
      '-',
      '{1000}',
      '{,3}',
      '{2,}',
      '\\1',
      '\\x41',
      '\\u0041',
      '\\N{',
      'é',
      '😀',
      '\n',
      '(a+)+',
      '.*',
    ],
  ],
};

/** Regular expressions of list owners, against hostile text. */
export const patterns: Target = {
  name: 'patterns',
  make: (random) => makeInput(random, patternMaterial),
  read: (input) => {
    const text = input.toString('utf8');
    const end = text.indexOf('\n');
    try {
      compilePattern(end < 0 ? text : text.slice(0, end)).test(text.slice(end + 1));
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
    }
  },
};

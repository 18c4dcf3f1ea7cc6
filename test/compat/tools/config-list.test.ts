import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAssignments } from '../../../compat/tools/config-list/python-source.ts';
import { PyBytes, PyFloat, PyTuple } from '../../../migrate/pickle/values.ts';
import { install, succeed } from '../../support/mailman.ts';

const server = install();
const { mailman } = server;
const LISTS = ['plain', 'announce', 'nihongo-users', 'vereinsrundbrief', 'topics-digest'];
const configList = (...argv: string[]) => mailman('legacy', 'config_list', ...argv);
const described = (list: string): string => mailman('export', '--json', `${list}@lists.example.com`).stdout;

beforeAll(() => {
  for (const list of LISTS) {
    const file = fileURLToPath(
      new URL(`../../../fixtures/mailman21/lists/${list}/config.pck`, import.meta.url),
    );
    succeed(mailman('import21', '--create', `${list}@lists.example.com`, file));
  }
});

describe('what -o writes', () => {
  test.each(LISTS)('%s is the same after -i', (list) => {
    const file = join(server.folder, `${list}.py`);
    succeed(configList('-o', file, list));
    const before = described(list);
    expect(configList('-v', '-i', file, list)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(described(list)).toBe(before);
  });

  test('is what Python reads, in the charset of the list, with the values that Mailman 2.1 has', () => {
    const { lists } = JSON.parse(
      spawnSync(
        'zcat',
        [fileURLToPath(new URL('../../../fixtures/mailman21/EXPECTED.json.gz', import.meta.url))],
        {
          maxBuffer: 1 << 28,
          encoding: 'utf8',
        },
      ).stdout,
    ) as { lists: Record<string, { config: Record<string, unknown> }> };
    const file = join(server.folder, 'vereinsrundbrief.py');
    succeed(configList('-o', file, 'vereinsrundbrief'));
    const script = `import json,sys
source = open(sys.argv[1], 'rb').read()
assert b'coding: iso-8859-1' in source.split(b'\\n')[1]
values = {}
exec(compile(source.decode('iso-8859-1'), 'x', 'exec'), values)
print(json.dumps({k: v for k, v in values.items() if not k.startswith('_')}))`;
    const python = spawnSync('/usr/bin/python3', ['-c', script, file], { encoding: 'utf8' });
    expect(python.stderr).toBe('');
    const values = JSON.parse(python.stdout) as Record<string, unknown>;
    const expected = lists.vereinsrundbrief?.config ?? {};
    for (const name of [
      'real_name',
      'description',
      'msg_footer',
      'owner',
      'subject_prefix',
      'max_message_size',
    ])
      expect.soft(values[name], name).toEqual(expected[name]);
    expect(values.bounce_info_stale_after).toBe(7);
    expect(values).not.toHaveProperty('password');
    expect(Object.keys(values).length).toBeGreaterThan(110);
  });
});

describe('what -i sets', () => {
  const set = (source: string, ...options: string[]) =>
    configList(...options, '-i', server.file('set.py', source), 'plain');

  test('is checked by name and line; what is wrong keeps nothing else from being set', () => {
    const { status, stderr } = set(
      [
        '# -*- coding: utf-8 -*-',
        'max_message_size = 100',
        "owner = ['bad']",
        'subscribe_policy = 9',
        'nonsense = 3',
        "description = 'new' ' words'",
      ].join('\n'),
      '-v',
    );
    expect(status).toBe(0);
    expect(stderr.split('\n')).toEqual([
      'attribute "max_message_size" changed',
      'Bad email address for option owner: bad (line 3)',
      'Invalid value for property: subscribe_policy (line 4: expected a number from 0 to 3)',
      'attribute "nonsense" ignored',
      'attribute "description" changed',
      '',
    ]);
    expect(JSON.parse(described('plain'))).toMatchObject({
      settings: { max_message_size: 100, description: 'new words', subscription_policy: 'confirm' },
    });
  });

  test('brings texts, bans, rules and moderators', () => {
    succeed(
      set(
        [
          'ban_list = """x@example.com\n^.*@spam.example"""',
          "header_filter_rules = [('^Subject: buy', 3, False)]",
          "moderator = ['mod@example.com']",
          'bounce_info_stale_after = 14',
          "msg_footer = '100%% of %(real_name)s\\n'",
          "pass_mime_types = 'multipart\\ntext/plain'",
        ].join('\n'),
      ),
    );
    const { settings, bans, header_matches, members, templates } = JSON.parse(described('plain'));
    expect(settings).toMatchObject({
      bounce_info_stale_after: '14d',
      pass_types: ['multipart', 'text/plain'],
    });
    expect(bans.sort()).toEqual(['^.*@spam.example', 'x@example.com']);
    expect(header_matches).toMatchObject([{ header: 'subject', action: 'discard' }]);
    expect(members).toContainEqual(
      expect.objectContaining({ address: 'mod@example.com', role: 'moderator' }),
    );
    expect(templates).toContainEqual(
      expect.objectContaining({ name: 'list:member:regular:footer', text: `100% of \${display_name}\n` }),
    );
    expect(configList('-o', '-', 'plain').stdout).toContain("msg_footer = '100%% of %(real_name)s\\n'\n");
  });

  test('is only checked with -c', () => {
    const before = described('plain');
    expect(set('max_message_size = 7\n', '-c').stderr).toBe('attribute "max_message_size" changed\n');
    expect(described('plain')).toBe(before);
  });

  test('is never run', () => {
    const before = described('plain');
    for (const [source, problem] of [
      ['import os\n', 'line 1: expected NAME = VALUE'],
      ["\nowner = open('/etc/passwd').read()\n", 'line 2: expected a text'],
      ['mlist.owner = []', 'line 1: expected NAME = VALUE'],
      ["owner = ['a@example.com'", 'line 1: expected a comma'],
      ['bounce_score_threshold = 1e999', 'line 1: 1e999 is too large'],
      ["info = 'x\n'", 'line 1: a text does not end'],
      [`info = ${'['.repeat(50_000)}`, 'too deeply'],
    ] as const) {
      const { status, stderr } = set(`${source}`);
      expect(status).toBe(1);
      expect(stderr).toContain(problem);
    }
    expect(described('plain')).toBe(before);
  });

  test('needs exactly one of -i and -o, and a list', () => {
    expect(configList('plain').status).toBe(1);
    expect(configList('-o', '-', '-i', '-', 'plain').status).toBe(1);
    expect(configList('-o', '-', 'nosuch')).toMatchObject({ status: 1, stderr: 'No such list: nosuch\n' });
  });
});

test('values of Python are read as Python reads them', () => {
  const source = `
a = 'it''s' "\\x41\\n\\101" # comment
b = u'\\xe4\\u20ac'
c = r'^\\d+'
d = [1, -2, 3L, 0x10, 1.5, 1e3, True, None,
     (u'x', 2, False), ()]
e = """one
"two" \\"""
three"""; f = (
  'in brackets'
  ' on two lines')
`;
  const values = new Map(readAssignments(source, (bytes) => bytes).map(({ name, value }) => [name, value]));
  expect(values.get('a')).toEqual(new PyBytes('itsA\nA'));
  expect(values.get('b')).toBe('ä€');
  expect(values.get('c')).toEqual(new PyBytes('^\\d+'));
  expect(values.get('d')).toEqual([
    1,
    -2,
    3,
    16,
    new PyFloat(1.5),
    new PyFloat(1000),
    true,
    null,
    new PyTuple(['x', 2, false]),
    new PyTuple([]),
  ]);
  expect(values.get('e')).toEqual(new PyBytes('one\n"two" """\nthree'));
  expect(values.get('f')).toEqual(new PyBytes('in brackets on two lines'));
  expect(readFileSync(join(server.folder, 'plain.py'), 'latin1')).toContain('# legal values are:');
});

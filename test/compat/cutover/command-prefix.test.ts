import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { numberOf, type PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { dict, readList, text } from '../../peers/mailman2/list-file.ts';
import { CutoverSite, PATIENCE } from './cutover-site.ts';

vi.setConfig(PATIENCE);

const NAME = 'c++-users.v2';
const LIST = `${NAME}@lists.example.com`;

/** As sshd does it: all words after the name of the host become one line for a shell. */
const SSH = `#!/bin/sh
folder=$(dirname "$0")
printf '%s\\n' "$*" >>"$folder/calls"
shift
exec sh -c "$*"
`;

/** Valid addresses that mean more to a shell. */
const PEOPLE = [
  'plain@members.example',
  'plus+tag=x@members.example',
  "o'brien@members.example",
  '$(id)@members.example',
  '`id`@members.example',
  'a&id@members.example',
  '-f@members.example',
];

let site: CutoverSite;

afterEach(() => site?.close());

test('members are handed over through ssh, whatever their addresses and the list are called', async () => {
  site = await CutoverSite.open([NAME], 'mailman2_command: FOLDER/ssh lists.example.com', (mailman2) => {
    mailman2.run('remove_members', ['-f', '-', NAME], mailman2.run('list_members', [NAME]));
    mailman2.run('add_members', ['-r', '-', NAME], PEOPLE.join('\n'));
  });
  const { folder } = site.installation;
  writeFileSync(join(folder, 'ssh'), SSH, { mode: 0o755 });
  const stopped = (): string[] => {
    const status = dict(readList(site.mailman2.varDir, NAME).config, 'delivery_status');
    const byAdmin = [...(status as PyDict)].filter(
      ([, value]) => value instanceof PyTuple && numberOf(value.items[0]) === 3,
    );
    return byAdmin.map(([key]) => text(key)).sort();
  };
  const all = PEOPLE.map((address) => address.toLowerCase()).sort();
  site.run('cutover', 'observe', LIST);
  expect(site.run('cutover', 'alongside', LIST, '--everybody')).toContain(
    `${PEOPLE.length} members handed over by Mailman 2`,
  );
  expect(stopped()).toEqual(all);
  expect(site.handedOver(LIST)).toEqual(all);
  expect(site.run('cutover', 'rollback', LIST)).toContain(`${PEOPLE.length} members handed back`);
  expect(stopped()).toEqual([]);
  const calls = readFileSync(join(folder, 'calls'), 'utf8');
  const words = `lists.example.com ${site.mailman2.binDir}/withlist -q -l -r ferryman_handover`;
  expect(calls).toBe(`${words}.stop ${NAME}\n${words}.resume ${NAME}\n`);
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MAILMAN } from '../../support/mailman.ts';
import { CutoverSite, PATIENCE } from './cutover-site.ts';

vi.setConfig(PATIENCE);

const LIST = 'plain@lists.example.com';
const ours = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `p${index}@one.example`);
const HERE = ours(6);
const THERE = ['anne@two.example', 'Bert@Two.Example', 'carl@sub.two.example', 'dora@three.example'];

let site: CutoverSite;

beforeAll(async () => {
  site = await CutoverSite.open(['plain'], '', (mailman2) => {
    mailman2.run('remove_members', ['-f', '-', 'plain'], mailman2.run('list_members', ['plain']));
    mailman2.run('add_members', ['-r', '-', 'plain'], [...HERE, ...THERE].join('\n'));
  });
  site.run('cutover', 'observe', LIST);
});

afterAll(() => site?.close());

const alongside = (...options: string[]) =>
  site.installation.mailman('cutover', 'alongside', LIST, ...options);

test('members change sides by domain', () => {
  expect(alongside('--domain', 'TWO.example').stdout).toContain('2 members handed over by Mailman 2');
  expect(site.handedOver(LIST)).toEqual(['anne@two.example', 'bert@two.example']);
  expect(alongside('--domain', 'nowhere.example').stdout).toContain('0 members handed over');
});

test('by a file of addresses in any case, with blank lines and remarks; others are left out', () => {
  const file = site.installation.file(
    'batch',
    '# the first ones\r\n\r\n  DORA@three.example \nstranger@elsewhere.example\nanne@two.example\n',
  );
  expect(alongside('--file', file).stdout).toContain('1 member handed over by Mailman 2');
  expect(site.handedOver(LIST)).toContain('dora@three.example');
  expect(alongside('--back', '--file', file).stdout).toContain('2 members handed back to Mailman 2');
  expect(site.handedOver(LIST)).toEqual(['bert@two.example']);
  expect(alongside('--file', join(site.installation.folder, 'none')).status).toBe(2);
});

test('by percentage, of which a larger one has all those of a smaller one', () => {
  expect(alongside('--back', '--everybody').stdout).toContain('0 of 10 members are handed over now');
  expect(alongside('--percent', '0').stdout).toContain('0 members handed over');
  expect(alongside('--percent', '25').stdout).toContain('3 of 10 members are handed over now');
  const first = site.handedOver(LIST);
  expect(alongside('--percent', '70').stdout).toContain('4 members handed over by Mailman 2');
  expect(site.handedOver(LIST)).toEqual(expect.arrayContaining(first));
  expect(alongside('--percent', '100').stdout).toContain('10 of 10 members are handed over now');
});

test('in one way at a time', () => {
  for (const wrong of [
    ['--percent', '101'],
    ['--percent', 'many'],
    ['--percent', '10', '--everybody'],
    ['--back'],
  ])
    expect(alongside(...wrong)).toMatchObject({ status: 2, stdout: '' });
});

/** Runs a command at a terminal of its own, at which somebody types. */
function atTerminal(typed: string, ...argv: readonly string[]) {
  const words = [MAILMAN, '-C', join(site.installation.folder, 'mailman.cfg'), ...argv];
  const { status, stdout } = spawnSync('script', ['-qec', words.join(' '), '/dev/null'], {
    input: typed,
    encoding: 'utf8',
  });
  return { status, said: stdout };
}

test('the lead is asked for, and taken after yes only', () => {
  const stage = (): string => site.run('cutover', 'status', LIST).split('\n')[0] ?? '';
  expect(site.installation.mailman('cutover', 'lead', LIST)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('There is no terminal to ask at: say --yes.'),
  });
  for (const answer of ['no\n', '\n', 'y\n']) {
    const { status, said } = atTerminal(answer, 'cutover', 'lead', LIST);
    expect(said).toContain(`Take over ${LIST} from Mailman 2? Type yes:`);
    expect(said).toContain('Nothing was changed.');
    expect(status).toBe(1);
  }
  expect(stage()).toContain(': alongside since');
  expect(atTerminal('YES\n', 'cutover', 'lead', LIST).said).toContain('all its mail comes here');
  expect(stage()).toContain(': lead since');
});

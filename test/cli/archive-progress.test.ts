import { expect, it } from 'vitest';
import { sampleMessage } from '../migrate/archive/archive.ts';
import { install } from '../support/mailman.ts';

const LIST = 'ant@example.com';
const MESSAGES = 8000;
/** util-linux: runs a command on a terminal of its own. */
const ON_A_TERMINAL = 'script -qec';

it('says on a terminal how far it is, how quick, and how long it will take', () => {
  const { file, mailman, shell } = install();
  mailman('create', LIST);
  const mbox = Array.from({ length: MESSAGES }, (_, number) => sampleMessage(number)).join('');
  const path = file('ant.mbox', mbox);
  const { status, stdout } = shell(
    `${ON_A_TERMINAL} "$mailman archive import ${LIST} ${path}" /dev/null </dev/null`,
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/Importing \S+ \d+ of \d+ MB, [\d,]+ messages, [\d,]+\/s, \S+ left/);
  expect(stdout).toContain(MESSAGES.toLocaleString('en-US'));
});

it('says nothing of it elsewhere', () => {
  const { file, mailman } = install();
  mailman('create', LIST);
  const path = file('ant.mbox', Array.from({ length: 500 }, (_, number) => sampleMessage(number)).join(''));
  const { status, stderr } = mailman('archive', 'import', LIST, path);
  expect([status, stderr]).toEqual([0, '']);
});

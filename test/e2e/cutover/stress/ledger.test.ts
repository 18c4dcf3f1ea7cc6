import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { staysIn } from './hops.ts';
import { type Account, type Kill, Ledger, type Posted } from './ledger.ts';

const NOON = Date.parse('Nov 21 12:00:00 2026');
const LISTS = new Map([['ant', ['anne@members.example', 'bart@members.example']]]);
const POSTS = new Map<string, Posted>([['p1', { list: 'ant', fate: 'taken', at: NOON }]]);

/** The post, and two mails of Ferryman's with it. */
const LOG = `
Nov 21 12:00:00 mx postfix/smtpd[1]: POST1: client=localhost[127.0.0.1]
Nov 21 12:00:02 mx postfix/qmgr[2]: POST1: removed
Nov 21 12:00:20 mx postfix/smtpd[1]: OUT1: client=localhost[127.0.0.1]
Nov 21 12:00:20 mx postfix/qmgr[2]: OUT1: removed
Nov 21 12:00:40 mx postfix/smtpd[1]: OUT2: client=localhost[127.0.0.1]
Nov 21 12:00:40 mx postfix/qmgr[2]: OUT2: removed
`;

let ledger: Ledger;

beforeEach(() => {
  vi.useFakeTimers();
  ledger = new Ledger();
});

afterEach(() => {
  vi.useRealTimers();
});

function comes(second: number, by: string, ...recipients: readonly string[]): void {
  vi.setSystemTime(NOON + second * 1000);
  const received = (id: string): string =>
    `Received: from localhost (localhost [127.0.0.1])\r\n\tby mx.example.net (Postfix) with ESMTP id ${id}\r\n\tfor <x@y>; now\r\n`;
  const head = `${received(by)}${received('POST1')}Message-ID: <p1@client.example>\r\n`;
  ledger.note({
    ...{
      sender: 'ant-bounces@lists.example.com',
      parameters: '',
      message: Buffer.from(`${head}\r\nHello.\r\n`),
    },
    recipients: recipients.map((name) => `${name}@members.example`),
  });
}

function account(...kills: readonly (readonly [Kill['program'], number])[]): Account {
  const killed = kills.map(([program, second]) => {
    const at = NOON + second * 1000;
    return { program, at, until: at };
  });
  return ledger.drawUp(POSTS, LISTS, [], killed, staysIn(LOG, 2026));
}

test('one copy for each is all there is to say', () => {
  comes(20, 'OUT1', 'anne', 'bart');
  expect(account(['Postfix', 1])).toMatchObject({ lost: [], stray: [], repeated: [], unexplained: [] });
});

test('who gets none has lost it, and who is no member is a stranger to it', () => {
  comes(20, 'OUT1', 'anne', 'carl');
  const { lost, stray } = account(['Postfix', 20]);
  expect(lost).toEqual([expect.stringContaining('never came to bart@members.example')]);
  expect(stray).toEqual([expect.stringContaining('came to carl@members.example')]);
});

test.each([
  ['Postfix brought the post to Ferryman', 1],
  ['Ferryman handed the mail to Postfix', 21],
] as const)('a second mail is explained by a kill while %s', (_, second) => {
  comes(20, 'OUT1', 'anne', 'bart');
  comes(40, 'OUT2', 'anne');
  expect(account(['Ferryman', second])).toMatchObject({ repeated: [expect.any(String)], unexplained: [] });
});

test.each([
  ['there was none', []],
  ['it came after the post had gone on, and long before the mail', [['Ferryman', 10] as const]],
  ['it came after both', [['Ferryman', 50] as const]],
  ['only a command was killed', [['command', 1] as const]],
])('a second mail is not explained by a kill where %s', (_, kills) => {
  comes(20, 'OUT1', 'anne', 'bart');
  comes(40, 'OUT2', 'anne');
  expect(account(...kills)).toMatchObject({ repeated: [], unexplained: [expect.any(String)] });
});

test('a mail that comes twice is explained only by a kill at that moment', () => {
  comes(20, 'OUT1', 'anne', 'bart');
  comes(23, 'OUT1', 'anne');
  expect(account(['Postfix', 20])).toMatchObject({ repeated: [expect.any(String)], unexplained: [] });
  expect(account(['Postfix', 1])).toMatchObject({ repeated: [], unexplained: [expect.any(String)] });
});

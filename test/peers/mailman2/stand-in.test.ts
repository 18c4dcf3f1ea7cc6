import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import { installMailman2, type Mailman2 } from './install.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));

const HANDOVER = fileURLToPath(new URL('../../../compat/cutover/ferryman_handover.py', import.meta.url));

/** Reads a list with Python's own pickle, Mailman's classes as plain records. */
const ASK = `
import pickle, sys
class Record: pass
class Reader(pickle.Unpickler):
    def find_class(self, module, name): return Record
config = Reader(open(sys.argv[1], 'rb'), encoding='bytes').load()
print(eval(sys.argv[2], {'config': config}))
`;

let folder: string;
let mailman: Mailman2;
let sink: SmtpSink;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-mailman2-'));
  mailman = installMailman2(folder, SITE, ['plain']);
  sink = await startSmtpSink();
  await mailman.start(sink.port);
});

afterAll(async () => {
  await mailman.stop();
  await sink.stop();
  rmSync(folder, { recursive: true });
});

function askPython(question: string): string {
  const file = join(mailman.varDir, 'lists', 'plain', 'config.pck');
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', ASK, file, question], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function log(name: string): string {
  const path = join(mailman.varDir, 'logs', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function post(from: string, id: string): void {
  mailman.post(
    'plain',
    `From nobody Sat Nov 21 00:00:00 2026\nFrom: ${from}\nTo: plain@lists.example.com\nSubject: Hello\nMessage-ID: <${id}@example.net>\n\nHello.\n`,
  );
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

test('a post of a member reaches those whose delivery is on, and is in the logs', async () => {
  const before = Number(askPython("config[b'post_id']"));
  const enabled = askPython(
    "len([m for m in config[b'members'] if config[b'delivery_status'].get(m, (0,))[0] == 0])",
  );
  const member = askPython("sorted(config[b'members'])[0].decode()");
  post(member, 'one');
  await until(() => sink.mails.length === 1);
  const [mail] = sink.mails;
  expect(String(mail?.recipients.length)).toBe(enabled);
  expect(mail?.sender).toBe('plain-bounces@lists.example.com');
  expect(mail?.message.toString()).toContain('Subject: [Plain] Hello\r\n');
  await until(() => log('post').includes('success'));
  expect(log('post')).toMatch(
    new RegExp(
      `^\\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\d{4} \\(\\d+\\) post to plain from ${member}, size=\\d+, message-id=<one@example.net>, success$`,
      'm',
    ),
  );
  expect(Number(askPython("config[b'post_id']"))).toBe(before + 1);
});

test('what a tool changes is there for Python, and for the next post', async () => {
  expect(mailman.run('add_members', ['-r', '-', 'plain'], 'Zoe@people.example\n')).toBe(
    'Subscribed: Zoe@people.example\n',
  );
  expect(mailman.run('list_members', ['plain'])).toContain('zoe@people.example\n');
  expect(askPython("config[b'members'][b'zoe@people.example']")).toBe("b'Zoe@people.example'");
  copyFileSync(HANDOVER, join(mailman.binDir, 'ferryman_handover.py'));
  const withlist = (way: string) =>
    mailman.run(
      'withlist',
      ['-q', '-l', '-r', `ferryman_handover.${way}`, 'plain'],
      'zoe@people.example\nend\n',
    );
  withlist('stop');
  expect(askPython("config[b'delivery_status'][b'zoe@people.example'][0]")).toBe('3');
  withlist('resume');
  post('zoe@people.example', 'two');
  await until(() => sink.mails.length === 2);
  expect(sink.mails[1]?.recipients).toContain('Zoe@people.example');
  mailman.run('remove_members', ['plain', 'zoe@people.example']);
  expect(askPython("b'zoe@people.example' in config[b'members']")).toBe('False');
});

test('a post of a stranger is held, and goes out when it is approved', async () => {
  const held = readdirSync(join(mailman.varDir, 'data')).length;
  const before = mailman.lastRequestId('plain');
  post('stranger@people.example', 'three');
  // It is saved after all else.
  await until(() => mailman.lastRequestId('plain') === before + 1);
  expect(readdirSync(join(mailman.varDir, 'data'))).toHaveLength(held + 1);
  expect(log('vette')).toContain(
    'Plain post from stranger@people.example held, message-id=<three@example.net>: Post by non-member to a members-only list',
  );
  mailman.run('admindb', ['plain', 'approve', String(mailman.lastRequestId('plain'))]);
  await until(() => sink.mails.length === 3);
  expect(log('vette')).toContain('plain: held message approved, message-id: <three@example.net>');
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Surroundings, waitForQuiet, whereBusy } from '../../../compat/cutover/quiet.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import { type FlowBench, openFlowBench } from '../../support/flow.ts';
import { defaultConfig, testServices } from '../../support/services.ts';

const ANT = { listId: 'ant.example.com', listName: 'ant', mailHost: 'example.com', mailman2Name: 'ant' };

/** Prints one more of the files `listing.0`, `listing.1`, … each time, as Postfix lists its queues; nothing after the last. */
const POSTQUEUE = `#!/bin/sh
cd "$(dirname "$0")"
count=$(ls asked 2>/dev/null | wc -l)
mkdir -p asked && : >"asked/$count"
cat "listing.$count" 2>/dev/null
exit 0
`;

let folder: string;
let bench: FlowBench;
let around: Surroundings;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-quiet-'));
  for (const name of ['lists', 'qfiles/in']) mkdirSync(join(folder, 'mailman2', name), { recursive: true });
  writeFileSync(join(folder, 'postqueue'), POSTQUEUE, { mode: 0o755 });
  bench = await openFlowBench();
  const config = defaultConfig();
  around = {
    config: { ...config, cutover: { ...config.cutover, postconf_command: join(folder, 'postconf') } },
    connection: bench.database.connection,
    site: openSite(join(folder, 'mailman2')),
  };
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

function list(index: number, ...recipients: readonly string[]): void {
  const line = JSON.stringify({ recipients: recipients.map((address) => ({ address })) });
  writeFileSync(join(folder, `listing.${index}`), `${line}\n`);
}

test('a mail that goes from one queue of Postfix to the next while they are listed is not overlooked', async () => {
  // Postfix lists `active` before `incoming`: what goes from this to that in between is in neither.
  list(1, 'anne@elsewhere.example', 'ant@example.com');
  expect(await whereBusy(around, ANT)).toBe("in Postfix's queue");
  expect(await whereBusy(around, ANT)).toBeUndefined();
});

test('mail of other lists, and what waits for the change of sides itself, is no reason to wait', async () => {
  await bench.database.connection('domain').update({ alias_domain: 'ferry.invalid' });
  list(0, 'bee@example.com', 'ant@handover.ferry.invalid');
  expect(await whereBusy(around, ANT)).toBeUndefined();
  list(2, 'ant@alongside.ferry.invalid');
  expect(await whereBusy(around, ANT)).toBe("in Postfix's queue");
});

test.each([
  'postqueue: fatal: malformed showq server response',
  'postqueue: fatal: Queue report unavailable - mail system is down',
])('while Postfix is being started anew it is waited for: %s', async (said) => {
  writeFileSync(
    join(folder, 'postqueue'),
    `#!/bin/sh\n[ -e "${folder}/up" ] && exit 0\necho '${said}' >&2\nexit 69\n`,
    { mode: 0o755 },
  );
  expect(await whereBusy(around, ANT)).toContain('while it is down');
  const quiet = waitForQuiet(around, ANT, 60_000);
  writeFileSync(join(folder, 'up'), '');
  await quiet;
});

test('a queue that may not be read is no reason to wait', async () => {
  const refusal = 'postqueue: fatal: User nobody(65534) is not allowed to view the mail queue';
  writeFileSync(join(folder, 'postqueue'), `#!/bin/sh\necho '${refusal}' >&2\nexit 1\n`, { mode: 0o755 });
  await expect(waitForQuiet(around, ANT, 60_000)).rejects.toThrow('may this account use');
});

test('an entry that Mailman 2 takes in hand while it is read counts as waiting', async () => {
  const entry = join(folder, 'mailman2', 'qfiles', 'in', `1795245268.612965+${'0'.repeat(40)}.pck`);
  // As if it had gone between the listing and the reading.
  writeFileSync(entry, '');
  await expect(waitForQuiet(around, ANT, 200)).rejects.toThrow("a post was still in Mailman 2's queue");
  rmSync(entry);
  await waitForQuiet(around, ANT, 200);
});

test('a post that waited for the last change of sides is waited for until Mailman 2 has it', async () => {
  const relay = (listid: string): Promise<void> =>
    runStep(testServices(bench.database), async (step) => {
      const metadata = { listid, recipients: ['ant@localhost'], envsender: '', verp: false, relayed: true };
      await step.enqueue('out', Buffer.from('Subject: hello\r\n\r\n'), metadata);
    });
  await relay('bee.example.com');
  expect(await whereBusy(around, ANT)).toBeUndefined();
  await relay(ANT.listId);
  expect(await whereBusy(around, ANT)).toBe('on its way to Mailman 2');
});

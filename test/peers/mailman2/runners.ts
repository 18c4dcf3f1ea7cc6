/**
 * The runners for posts, commands and what goes out: `node runners.ts VAR PREFIX`. Stops on SIGTERM. What could not be sent
 * waits in `retry` until the runner of that queue puts it back, in Mailman each quarter of an hour.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { numberOf } from '../../../migrate/pickle/values.ts';
import { Message } from '../../../src/message/message.ts';
import { takeCommand } from './commands.ts';
import { takePost } from './incoming.ts';
import { changeList, readList, text } from './list-file.ts';
import { log } from './logs.ts';
import { begin, dequeue, putAside, type QueueFile, queued, recover } from './queue-files.ts';

const [varDir = '', prefix = ''] = process.argv.slice(2);
const settings = readFileSync(join(prefix, 'Mailman', 'mm_cfg.py'), 'utf8');
const port = /^SMTPPORT = (\d+)$/m.exec(settings)?.[1] ?? '25';
const wait = Number(/^DELIVERY_RETRY_WAIT = (\d+)$/m.exec(settings)?.[1] ?? 3600);
const transport = nodemailer.createTransport({
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: 1,
  maxMessages: 50,
});

let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

for (const queue of ['in', 'commands', 'out', 'virgin']) recover(varDir, queue);

while (!isStopping) {
  for (const waiting of queued(varDir, 'in')) {
    const file = begin(waiting);
    const isApproved = numberOf(file.metadata.get('approved')) === 1;
    await changeList(varDir, listOf(file), (open) => takePost(open, file.message, isApproved));
    dequeue(file);
  }
  for (const waiting of queued(varDir, 'commands')) {
    const file = begin(waiting);
    await changeList(varDir, listOf(file), (open) => takeCommand(open, file));
    dequeue(file);
  }
  for (const file of [...queued(varDir, 'out'), ...queued(varDir, 'virgin')]) await deliver(begin(file));
  await sleep(20);
}
transport.close();
for (const name of readdirSync(join(varDir, 'locks')).filter((one) => one.startsWith('master-qrunner')))
  rmSync(join(varDir, 'locks', name), { force: true });

function listOf({ metadata }: QueueFile): string {
  return text(metadata.get('listname'));
}

async function deliver(file: QueueFile): Promise<void> {
  const name = listOf(file);
  const { config } = readList(varDir, name);
  const recips = file.metadata.get('recips');
  const recipients = Array.isArray(recips) ? recips.map(text) : [];
  const id = Message.parse(Buffer.from(file.message, 'latin1')).headers.get('Message-ID') ?? 'n/a';
  const started = performance.now();
  let trouble: string | undefined;
  if (recipients.length > 0) {
    try {
      await transport.sendMail({
        envelope: { from: `${name}-bounces@${text(config.get('host_name'))}`, to: recipients },
        raw: Buffer.from(file.message, 'latin1'),
      });
    } catch (error) {
      trouble = (error as Error).message.split('\n')[0] ?? '';
      log(varDir, 'smtp-failure', `Low level smtp error: ${trouble}, msgid: ${id}`);
    }
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(3);
  log(
    varDir,
    'smtp',
    `${id} smtp to ${name} for ${recipients.length} recips, completed in ${seconds} seconds`,
  );
  const outcome = trouble === undefined ? 'success' : `${recipients.length} failures`;
  if (trouble !== undefined || numberOf(file.metadata.get('tolist')) === 1)
    log(
      varDir,
      'post',
      `post to ${name} from ${text(file.metadata.get('original_sender'))}, size=${file.message.length}, message-id=${id}, ${outcome}`,
    );
  if (trouble === undefined) {
    dequeue(file);
    return;
  }
  for (const recipient of recipients)
    log(varDir, 'smtp-failure', `delivery to ${recipient} failed with code -1: ${trouble}`);
  putAside(varDir, file, wait);
}

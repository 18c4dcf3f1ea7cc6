/** The incoming and the outgoing runner: `node runners.ts VAR SMTP_PORT`. Stops on SIGTERM. */
import { setTimeout as sleep } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { numberOf } from '../../../migrate/pickle/values.ts';
import { Message } from '../../../src/message/message.ts';
import { takePost } from './incoming.ts';
import { changeList, readList, text } from './list-file.ts';
import { log } from './logs.ts';
import { dequeue, type QueueFile, queued } from './queue-files.ts';

const [varDir = '', port = '25'] = process.argv.slice(2);
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

while (!isStopping) {
  for (const file of queued(varDir, 'in')) {
    const list = text(file.metadata.get('listname'));
    const isApproved = numberOf(file.metadata.get('approved')) === 1;
    await changeList(varDir, list, (open) => takePost(open, file.message, isApproved));
    dequeue(file);
  }
  for (const file of queued(varDir, 'out')) await deliver(file);
  await sleep(20);
}
transport.close();

async function deliver(file: QueueFile): Promise<void> {
  const name = text(file.metadata.get('listname'));
  const { config } = readList(varDir, name);
  const recips = file.metadata.get('recips');
  const recipients = Array.isArray(recips) ? recips.map(text) : [];
  const id = Message.parse(Buffer.from(file.message, 'latin1')).headers.get('Message-ID') ?? 'n/a';
  const started = performance.now();
  if (recipients.length > 0) {
    try {
      await transport.sendMail({
        envelope: { from: `${name}-bounces@${text(config.get('host_name'))}`, to: recipients },
        raw: Buffer.from(file.message, 'latin1'),
      });
    } catch (error) {
      log(
        varDir,
        'smtp-failure',
        `Low level smtp error: ${(error as Error).message.split('\n')[0]}, msgid: ${id}`,
      );
      await sleep(200);
      return;
    }
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(3);
  log(
    varDir,
    'smtp',
    `${id} smtp to ${name} for ${recipients.length} recips, completed in ${seconds} seconds`,
  );
  log(
    varDir,
    'post',
    `post to ${name} from ${text(file.metadata.get('original_sender'))}, size=${file.message.length}, message-id=${id}, success`,
  );
  dequeue(file);
}

import type { Config } from '../../src/config/index.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { collectForDigest } from '../../src/digests/collect.ts';
import { digestStep } from '../../src/digests/digest-step.ts';
import { type SentDigest, sendDigest } from '../../src/digests/send.ts';
import { virginStep } from '../../src/flow/pipeline-step.ts';
import { Message } from '../../src/message/message.ts';
import type { Part } from '../../src/message/part.ts';
import { partText } from '../../src/message/text.ts';
import type { UtcTime } from '../../src/model/time.ts';
import type { Enqueued, FlowBench } from './flow.ts';
import { defaultConfig, testServices } from './services.ts';

/** A digest as it goes out. */
export interface GoneDigest {
  readonly message: Message;
  readonly recipients: readonly string[];
}

/** What the functions below need of a FlowBench, on any database and at any time. */
export function benchAt(
  database: Database,
  now: UtcTime,
  config: Config = defaultConfig(),
): Pick<FlowBench, 'step' | 'clock' | 'database'> {
  const clock = { now: () => now, advance: () => undefined };
  const services = testServices(database, { clock, config });
  return {
    database,
    clock,
    step: async (work) => {
      const enqueued: Enqueued[] = [];
      await database.transaction((connection) =>
        work({
          ...services,
          connection,
          enqueue: async (queue, message, metadata) => {
            enqueued.push({ queue, message: Message.parse(message), metadata: structuredClone(metadata) });
          },
        }),
      );
      return enqueued;
    },
  };
}

/** Collects mails for the next digest of a list. */
export async function collect(
  bench: Pick<FlowBench, 'step' | 'clock'>,
  mails: readonly (string | Uint8Array)[],
  listId = 'ant.example.com',
): Promise<void> {
  await bench.step(async ({ connection, clock }) => {
    for (const mail of mails) {
      const bytes = typeof mail === 'string' ? Buffer.from(mail, 'latin1') : mail;
      await collectForDigest(connection, { listId }, bytes, clock.now());
    }
  });
}

/** Numbers what was collected; what that puts into the queue `digest` is not worked on. */
export async function number(
  bench: Pick<FlowBench, 'step'>,
  listId = 'ant.example.com',
): Promise<{ readonly sent: readonly SentDigest[]; readonly jobs: readonly Enqueued[] }> {
  let sent: readonly SentDigest[] = [];
  const jobs = await bench.step(async (step) => {
    sent = await sendDigest(step, listId);
  });
  return { sent, jobs };
}

/** Works on entries of the queue `digest` and on all that comes of them, up to `out`. */
export async function work(
  bench: Pick<FlowBench, 'step'>,
  entries: readonly Enqueued[],
): Promise<GoneDigest[]> {
  const gone: GoneDigest[] = [];
  for (const { queue, message, metadata } of entries) {
    if (queue === 'out') gone.push({ message, recipients: metadata.recipients ?? [] });
    else {
      const bytes = message.toBuffer();
      const next = await bench.step((step) =>
        queue === 'virgin'
          ? virginStep({ message: bytes, metadata }, step)
          : digestStep(bytes, metadata, step),
      );
      gone.push(...(await work(bench, next)));
    }
  }
  return gone;
}

/** Sends what was collected, and gives the digests that go out: the MIME form before the plain one. */
export async function sendAll(
  bench: Pick<FlowBench, 'step'>,
  listId = 'ant.example.com',
): Promise<GoneDigest[]> {
  return work(bench, (await number(bench, listId)).jobs);
}

/** The decoded text of a digest (or of one of its parts), with LF. */
export function textOf(digest: GoneDigest | Part | undefined): string {
  if (!digest) throw new Error('there is none');
  return partText('recipients' in digest ? digest.message.root : digest);
}

/** Where a list is with its digests. */
export async function numbersOf(bench: Pick<FlowBench, 'database'>, listId = 'ant.example.com') {
  const list = await findList(bench.database.connection, listId);
  return [list?.volume, list?.nextDigestNumber];
}

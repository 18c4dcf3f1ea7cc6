import type { Database } from '../../../src/database/handle.ts';
import { findList } from '../../../src/database/lists.ts';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import { Message } from '../../../src/message/message.ts';
import { listIdOf, parsePostingAddress } from '../../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch } from '../../../src/model/time.ts';
import { prepareOutgoing } from '../../../src/mta/prepare-outgoing.ts';
import { receivedMessage } from '../../../src/mta/reception.ts';
import type { MessageMetadata, QueueName } from '../../../src/queue/queues.ts';
import type { Step } from '../../../src/queue/step.ts';
import { type RecordedCase, recordedFile, recordedListAddress } from '../../support/recorded-traffic.ts';
import { testServices } from '../../support/services.ts';

/** What one recipient gets. */
export interface Delivered {
  readonly recipient: string;
  readonly sender: string;
  readonly message: Message;
}

export interface Delivery {
  /** Mail to members. */
  readonly copies: readonly Delivered[];
  readonly enqueued: readonly {
    readonly queue: QueueName;
    readonly message: Message;
    readonly metadata: MessageMetadata;
  }[];
  readonly logged: readonly string[];
}

/**
 * Takes the mail of a case through the pipeline of its list, as if its chain had accepted it, and renders what goes out.
 * @param metadata what the chain would have noted
 */
export async function deliverRecorded(
  database: Database,
  recorded: RecordedCase,
  metadata: MessageMetadata = {},
): Promise<Delivery> {
  const { list: name, envelope_from, time } = recorded.case;
  const address = parsePostingAddress(recordedListAddress(name));
  if (!address) throw new Error(`${name} is no list`);
  const listid = listIdOf(address);
  const clock = { now: () => utcFromEpoch(time) as UtcTime };
  const services = testServices(database, { clock });
  const enqueued: { queue: QueueName; message: Message; metadata: MessageMetadata }[] = [];
  const copies: Delivered[] = [];
  await database.transaction(async (connection) => {
    const step: Step = {
      ...services,
      connection,
      enqueue: async (queue, message, more) => {
        enqueued.push({ queue, message: Message.parse(message), metadata: structuredClone(more) });
      },
    };
    const list = await findList(connection, listid);
    const before = recorded.case.state_diff[list?.listName ?? '']?.config?.post_id?.[0];
    if (typeof before === 'number')
      await connection('mailing_list').where('list_id', listid).update({ post_id: before });
    const message = receivedMessage(recordedFile(recorded, 'in.eml'), envelope_from);
    await pipelineStep(
      { message, metadata: { listid, to_list: true, envelope_sender: envelope_from, ...metadata } },
      step,
    );
    for (const out of enqueued.filter(({ queue }) => queue === 'out')) {
      const bytes = out.message.toBuffer();
      const entry = { id: '', queue: 'out' as const, message: bytes, metadata: out.metadata, attempts: 0 };
      const outgoing = await prepareOutgoing(entry, step);
      for (const recipient of out.metadata.recipients ?? []) {
        const named = outgoing.isIndividual ? recipient : undefined;
        copies.push({
          recipient,
          sender: outgoing.senderFor(named),
          message: Message.parse(await outgoing.renderFor(named)),
        });
      }
    }
  });
  return { copies, enqueued, logged: services.logged.map(({ line }) => line) };
}

import { openDatabase } from '../../src/database/connection.ts';
import { insertDomain } from '../../src/database/domains.ts';
import type { Connection, Database } from '../../src/database/handle.ts';
import { findList, insertList, updateSettings } from '../../src/database/lists.ts';
import { incomingStep } from '../../src/flow/incoming-step.ts';
import { type SubscribeOptions, subscribe } from '../../src/membership/subscribe.ts';
import { Message } from '../../src/message/message.ts';
import { parseMailbox } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import type { MessageMetadata, QueueName } from '../../src/queue/queues.ts';
import type { Services, Step } from '../../src/queue/step.ts';
import { sampleList } from '../database/samples.ts';
import { stoppedClock, type TestServices, testServices } from './services.ts';

/** Something that a step put into a queue. */
export interface Enqueued {
  readonly queue: QueueName;
  readonly message: Message;
  readonly metadata: MessageMetadata;
}

/** A list `ant@example.com` in an empty database, and a way to send it mail. */
export interface FlowBench {
  readonly database: Database;
  readonly services: TestServices;
  readonly clock: ReturnType<typeof stoppedClock>;
  list(): Promise<MailingList>;
  set(changes: Partial<ListSettings>): Promise<void>;
  join(mailboxes: readonly string[], options?: Partial<SubscribeOptions>): Promise<void>;
  /** Runs `work` as a step; what it enqueues is returned. */
  step(work: (step: Step) => Promise<void>): Promise<Enqueued[]>;
  /** Takes a post through the step of the queue `in`. */
  post(mail: string, metadata?: MessageMetadata): Promise<Enqueued[]>;
  close(): Promise<void>;
}

export async function openFlowBench(services: Partial<Services> = {}): Promise<FlowBench> {
  const database = await openDatabase('sqlite:///:memory:');
  const clock = stoppedClock();
  const shared = testServices(database, { clock, ...services });
  const listed = sampleList('ant');
  await database.transaction(async (connection) => {
    await insertDomain(connection, { mailHost: 'example.com', description: null, aliasDomain: null });
    await insertList(connection, listed);
  });
  const list = async (connection: Connection = database.connection): Promise<MailingList> => {
    const found = await findList(connection, listed.listId);
    if (!found) throw new Error('the list is gone');
    return found;
  };
  const step: FlowBench['step'] = async (work) => {
    const enqueued: Enqueued[] = [];
    await database.transaction((connection) =>
      work({
        ...shared,
        connection,
        enqueue: async (queue, message, metadata) => {
          enqueued.push({ queue, message: Message.parse(message), metadata: structuredClone(metadata) });
        },
      }),
    );
    return enqueued;
  };
  return {
    database,
    services: shared,
    clock,
    list,
    set: async (changes) => {
      await database.transaction(async (connection) =>
        updateSettings(connection, await list(connection), changes),
      );
    },
    join: async (mailboxes, options = {}) => {
      const parsed = mailboxes.map((text) => parseMailbox(text)).filter((mailbox) => mailbox !== undefined);
      await database.transaction(async (connection) =>
        subscribe(connection, await list(connection), parsed, { role: 'member', verified: true, ...options }),
      );
    },
    step,
    post: (mail, metadata = {}) =>
      step((running) => {
        const bytes = Buffer.from(mail.replace(/\r?\n/g, '\r\n'), 'latin1');
        const arrived: MessageMetadata = {
          listid: listed.listId,
          to_list: true,
          envelope_sender: '',
          original_size: bytes.length,
          ...metadata,
        };
        return incomingStep({ message: bytes, metadata: arrived }, running);
      }),
    close: () => database.close(),
  };
}

/** A mail of these headers over usual ones; null leaves a header out. */
export function mail(headers: Readonly<Record<string, string | null>> = {}, body = 'Hello.\n'): string {
  const all: Record<string, string | null> = {
    From: 'Anne <anne@example.com>',
    To: 'ant@example.com',
    Subject: 'Hello',
    'Message-ID': '<one@example.com>',
    Date: 'Sat, 09 Mar 2024 17:04:05 +0000',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return `${lines.join('\n')}\n\n${body}`;
}

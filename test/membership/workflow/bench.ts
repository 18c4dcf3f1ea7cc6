import type { Database } from '../../../src/database/handle.ts';
import { findList, updateSettings } from '../../../src/database/lists.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { Message } from '../../../src/message/message.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import type { Member } from '../../../src/model/member.ts';
import type { ListSettings } from '../../../src/model/settings/index.ts';
import type { MessageMetadata, QueueName } from '../../../src/queue/queues.ts';
import type { Step } from '../../../src/queue/step.ts';
import { sampleList, storeList } from '../../database/samples.ts';
import { stoppedClock, testServices } from '../../support/services.ts';

/** Something that a step put into a queue. */
export interface Queued {
  readonly queue: QueueName;
  readonly bytes: Uint8Array;
  readonly message: Message;
  readonly metadata: MessageMetadata;
}

/** A list `ant@example.com` and steps on it. */
export interface WorkflowBench {
  readonly clock: ReturnType<typeof stoppedClock>;
  /** All that was queued, in order; a test may empty it. */
  readonly queued: Queued[];
  /** Lines of logs, with the log's name in front. */
  readonly logged: () => string[];
  /** Runs `work` as one step on the list as it is now. */
  run<T>(work: (step: Step, list: MailingList) => Promise<T>): Promise<T>;
  set(changes: Partial<ListSettings>): Promise<void>;
  members(): Promise<Member[]>;
  /** The addresses of the members. */
  emails(): Promise<string[]>;
  /** Subjects of mails that went out since the last call, each with its recipients in front. */
  mails(): string[];
}

export async function openBench(database: Database): Promise<WorkflowBench> {
  const clock = stoppedClock();
  const services = testServices(database, { clock });
  const queued: Queued[] = [];
  const { listId } = await storeList(database.connection, sampleList('ant'));
  const run: WorkflowBench['run'] = (work) =>
    database.transaction(async (connection) => {
      const list = await findList(connection, listId);
      if (!list) throw new Error('the list is gone');
      const enqueue: Step['enqueue'] = async (queue, bytes, metadata) => {
        queued.push({ queue, bytes, message: Message.parse(bytes), metadata });
      };
      return work({ ...services, connection, enqueue }, list);
    });
  const members = () => membersOfList(database.connection, listId, ['member']);
  return {
    clock,
    queued,
    logged: () => services.logged.map(({ logger, line }) => `${logger}: ${line}`),
    run,
    set: (changes) =>
      run(async ({ connection }, list) => {
        await updateSettings(connection, list, changes);
      }),
    members,
    emails: async () => (await members()).map(({ email }) => email),
    mails: () =>
      queued
        .splice(0)
        .map(
          ({ message, metadata }) =>
            `${(metadata.recipients ?? []).join(' ')}: ${message.headers.get('Subject')?.replace(/\s+/g, ' ')}`,
        ),
  };
}

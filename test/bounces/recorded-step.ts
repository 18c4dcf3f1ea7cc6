import { Message } from '../../src/message/message.ts';
import type { Services, Step } from '../../src/queue/step.ts';
import type { Enqueued } from '../support/flow.ts';

/** Runs `work` as a step in a transaction; what it enqueues is returned. */
export async function runRecorded(
  services: Services,
  work: (step: Step) => Promise<void>,
): Promise<Enqueued[]> {
  const enqueued: Enqueued[] = [];
  await services.database.transaction((connection) =>
    work({
      ...services,
      connection,
      enqueue: async (queue, message, metadata) => {
        enqueued.push({ queue, message: Message.parse(message), metadata: structuredClone(metadata) });
      },
    }),
  );
  return enqueued;
}

import { pipelineStep, virginStep } from '../../src/flow/pipeline-step.ts';
import { Message } from '../../src/message/message.ts';
import { prepareOutgoing } from '../../src/mta/prepare-outgoing.ts';
import { receivedMessage } from '../../src/mta/reception.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import type { Enqueued, FlowBench } from './flow.ts';

/** Takes an accepted post to `ant@example.com` through the pipeline of the list; what it enqueues is returned. */
export function throughPipeline(
  bench: FlowBench,
  mail: string,
  metadata: MessageMetadata = {},
): Promise<Enqueued[]> {
  const arrived = { listid: 'ant.example.com', to_list: true, envelope_sender: 'anne@example.com' };
  const message = receivedMessage(Buffer.from(mail, 'latin1'), metadata.envelope_sender ?? '');
  return bench.step((step) => pipelineStep({ message, metadata: { ...arrived, ...metadata } }, step));
}

/** The same for mail that the server has written. */
export function throughVirgin(
  bench: FlowBench,
  mail: string,
  metadata: MessageMetadata = {},
): Promise<Enqueued[]> {
  const message = Buffer.from(mail.replaceAll('\n', '\r\n'), 'latin1');
  return bench.step((step) =>
    virginStep({ message, metadata: { listid: 'ant.example.com', ...metadata } }, step),
  );
}

/** What a queue got. */
export function queued(enqueued: readonly Enqueued[], queue: Enqueued['queue']): Enqueued[] {
  return enqueued.filter((each) => each.queue === queue);
}

/** The post as it goes out, before it is made personal. @throws Error where nothing goes out */
export function outgoing(enqueued: readonly Enqueued[]): Enqueued {
  const [out] = queued(enqueued, 'out');
  if (!out) throw new Error(`nothing goes out, only to ${enqueued.map(({ queue }) => queue).join(', ')}`);
  return out;
}

/** What each recipient gets, by address. */
export async function copiesOf(
  bench: FlowBench,
  out: Enqueued,
): Promise<Map<string, { readonly sender: string; readonly message: Message }>> {
  const copies = new Map<string, { readonly sender: string; readonly message: Message }>();
  await bench.step(async (step) => {
    const entry = {
      id: '',
      queue: 'out' as const,
      message: out.message.toBuffer(),
      metadata: out.metadata,
      attempts: 0,
    };
    const prepared = await prepareOutgoing(entry, step);
    for (const recipient of out.metadata.recipients ?? []) {
      const named = prepared.isIndividual ? recipient : undefined;
      copies.set(recipient, {
        sender: prepared.senderFor(named),
        message: Message.parse(await prepared.renderFor(named)),
      });
    }
  });
  return copies;
}

/** The names of a message's headers, in order. */
export function headerNames({ headers }: Message): string[] {
  return headers.fields.map(({ name }) => name);
}

/** The body as text, without the line end at its end. */
export function bodyOf({ root }: Message): string {
  return root.body.toString('latin1').replaceAll('\r\n', '\n').trimEnd();
}

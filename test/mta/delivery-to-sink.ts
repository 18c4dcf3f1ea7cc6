import { afterEach } from 'vitest';
import type { Config } from '../../src/config/index.ts';
import type { Database } from '../../src/database/handle.ts';
import { createDelivery, type Delivery } from '../../src/mta/delivery.ts';
import type { DeliveryHooks, RefusedRecipient } from '../../src/mta/outgoing.ts';
import { prepareOutgoing } from '../../src/mta/prepare-outgoing.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { sqlitePlace } from '../database/dialects.ts';
import { stoppedClock, testServices } from '../support/services.ts';
import { type SinkBehaviour, type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

/** A message with a dot at the beginning of a line. */
export const MESSAGE = Buffer.from(
  'From: anne@example.net\r\nMessage-ID: <1@x>\r\nSubject: Hello\r\n\r\n.dot\r\nHello.\r\n',
);

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** What of `[mta]` is not as usual. */
type MtaSettings = Partial<Config['mta']>;

/** A queue `out` that is delivered to a sink. */
export async function setUp(
  behaviour: SinkBehaviour,
  settings: MtaSettings = {},
  open?: () => Promise<Database>,
  devmode: Partial<Config['devmode']> = {},
) {
  const sink = await startSmtpSink(behaviour);
  const database = await (open ?? sqlitePlace().open)();
  const clock = stoppedClock();
  const base = testServices(database, { clock });
  const mta = { ...base.config.mta, smtp_host: '127.0.0.1', smtp_port: sink.port, ...settings };
  const services = {
    ...base,
    config: { ...base.config, mta, devmode: { ...base.config.devmode, ...devmode } },
  };
  const refused: RefusedRecipient[] = [];
  const hooks: DeliveryHooks = {
    prepare: prepareOutgoing,
    registerRefusals: async (_entry, found) => void refused.push(...found),
  };
  const start = async (): Promise<{ engine: QueueEngine; delivery: Delivery }> => {
    const delivery = createDelivery(services.config, hooks);
    const engine = new QueueEngine(
      services,
      { processors: {}, consumers: { out: delivery.consumer } },
      'test',
    );
    await engine.start();
    ends.push(async () => {
      delivery.stop();
      await engine.stop();
      delivery.close();
    });
    return { engine, delivery };
  };
  ends.push(() => sink.stop());
  const { engine, delivery } = await start();
  const send = (recipients: readonly string[], metadata: MessageMetadata = {}) =>
    engine.accept('out', MESSAGE, {
      envsender: 'ant-bounces@example.com',
      ...metadata,
      recipients: [...recipients],
    });
  return { sink, database, clock, services, refused, engine, delivery, send };
}

/** Addresses of that many people. */
export const members = (count: number, domain = 'example.org') =>
  Array.from({ length: count }, (_, index) => `member${index}@${domain}`);

/** Who got the mail, and that nobody got it twice. */
export function receivers({ counts }: SmtpSink): string[] {
  for (const [recipient, count] of counts) if (count !== 1) throw new Error(`${recipient} got ${count}`);
  return [...counts.keys()].sort();
}

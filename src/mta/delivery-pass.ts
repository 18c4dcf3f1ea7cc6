import type { Config } from '../config/index.ts';
import { progressOf } from '../database/delivery-progress.ts';
import type { EntryKeeper } from '../queue/engine.ts';
import type { QueueEntry } from '../queue/entry.ts';
import type { Step } from '../queue/step.ts';
import { chunks } from './chunks.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { DeliveryLedger, type Outcome } from './delivery-ledger.ts';
import { envelopeAddress } from './envelope-address.ts';
import type { DeliveryHooks, Outgoing, RefusedRecipient } from './outgoing.ts';
import { type Refusal, VerpRefusedError } from './smtp-client.ts';
import { CONNECTION_TROUBLE, ConnectionTroubleError } from './smtp-session.ts';

/** Mailman keeps trying on "mailbox full" although its code is a permanent one. */
const FULL_MAILBOX = 552;

/** Counters for the metrics. */
export interface DeliveryCounts {
  delivered: number;
  deferred: number;
  refused: number;
  transactions: number;
}

/** Recipients that get their mail together. */
export interface Group {
  readonly recipients: readonly string[];
  /** For the mail server, which makes their envelope senders (XVERP). */
  readonly verp?: string;
}

/** What a pass knows before it begins. */
export interface PassPlan {
  readonly outgoing: Outgoing;
  readonly transactions: readonly Group[];
  /** Recipients that no command can name. */
  readonly unfit: readonly string[];
  /** Recipients that an interrupted pass has deferred. */
  readonly deferred: readonly RefusedRecipient[];
}

/** Looks at what is left to do for an entry, as a step. @param makesVerp whether the mail server offers XVERP */
export async function planPass(
  entry: QueueEntry,
  hooks: DeliveryHooks,
  makesVerp: boolean,
  step: Step,
): Promise<PassPlan> {
  const outgoing = await hooks.prepare(entry, step);
  const done = entry.isNew ? [] : await progressOf(step.connection, entry.id);
  const deferred = done.flatMap((progress) =>
    progress.deferred.map(([recipient, code, text]) => ({ recipient, code, text })),
  );
  const known = new Set([
    ...done.flatMap(({ settled }) => settled),
    ...deferred.map(({ recipient }) => recipient),
  ]);
  const wanted = new Set(entry.metadata.recipients ?? []);
  const rest = [...wanted].filter((recipient) => !known.has(recipient));
  const fit = rest.filter((recipient) => envelopeAddress(recipient) !== undefined);
  const unfit = rest.filter((recipient) => envelopeAddress(recipient) === undefined);
  return { outgoing, transactions: grouped(outgoing, fit, makesVerp, step.config), unfit, deferred };
}

function grouped(
  { isIndividual, sharedVerp }: Outgoing,
  recipients: readonly string[],
  makesVerp: boolean,
  { mta, devmode }: Config,
): Group[] {
  // In developer mode all goes to one recipient, who wants one copy.
  const isReplaced = devmode.enabled && devmode.recipient !== '';
  const together = (some: readonly string[]): readonly (readonly string[])[] =>
    (isReplaced ? [some] : chunks(some, mta.max_recipients)).filter((group) => group.length > 0);
  if (!isIndividual) return together(recipients).map((group) => ({ recipients: group }));
  const shared = makesVerp && sharedVerp ? recipients.filter(sharedVerp.isFit) : [];
  const others = new Set(recipients);
  for (const recipient of shared) others.delete(recipient);
  return [
    ...together(shared).map((group) => ({ recipients: group, verp: sharedVerp?.delimiters ?? '' })),
    ...[...others].map(alone),
  ];
}

function alone(recipient: string): Group {
  return { recipients: [recipient] };
}

/** One attempt to deliver an entry to all who are left. */
export class DeliveryPass {
  readonly outgoing: Outgoing;
  readonly failed: RefusedRecipient[] = [];
  /** Octets that one transaction needs for itself; with VERP alone, all send the same ones. */
  readonly octetsOfCopy: number;
  octets = 0;
  readonly #keeper: EntryKeeper;
  readonly #pool: ConnectionPool;
  readonly #counts: DeliveryCounts;
  readonly #ledger: DeliveryLedger;
  #bulk: Promise<Buffer> | undefined;

  constructor(
    entry: QueueEntry,
    keeper: EntryKeeper,
    { outgoing, transactions, unfit, deferred }: PassPlan,
    { hooks, pool, counts }: { hooks: DeliveryHooks; pool: ConnectionPool; counts: DeliveryCounts },
  ) {
    this.outgoing = outgoing;
    const { personalize, authentication } = entry.metadata;
    this.octetsOfCopy = outgoing.isIndividual && (personalize || authentication) ? entry.message.length : 0;
    this.#keeper = keeper;
    this.#pool = pool;
    this.#counts = counts;
    const open = transactions.reduce((sum, { recipients }) => sum + recipients.length, unfit.length);
    this.#ledger = new DeliveryLedger(entry, keeper, hooks, open, deferred);
  }

  /** Settles recipients that cannot be sent to; also closes an entry that has nobody left. */
  async settleUnfit(unfit: readonly string[]): Promise<void> {
    const refused = unfit.map((recipient) => ({ recipient, code: 553, text: 'Not an address for SMTP' }));
    await this.#note({ delivered: [], deferred: [], refused });
  }

  /**
   * Runs one transaction; resolves when its outcome is on disk.
   * @returns the same recipients one by one, where the mail server did not make senders for them
   */
  async deliver({ recipients, verp }: Group): Promise<readonly Group[]> {
    const recipient = this.outgoing.isIndividual && verp === undefined ? recipients[0] : undefined;
    const message = await this.#render(recipient);
    this.octets = message.length;
    const sender = this.outgoing.senderFor(recipient);
    const addresses = this.#addresses(recipients);
    try {
      await this.#pool.transact(
        {
          sender: envelopeAddress(sender) ?? '',
          recipients: [...new Set(addresses.values())],
          message,
          verp,
        },
        (refused) => this.#note(outcomeOf(addresses, refused)),
      );
    } catch (error) {
      if (error instanceof VerpRefusedError) return recipients.map(alone);
      if (!(error instanceof ConnectionTroubleError)) throw error;
      const { code, message: text } = error;
      const deferred = recipients.map((one) => ({
        recipient: one,
        code: code < 500 ? code : CONNECTION_TROUBLE,
        text,
      }));
      await this.#note({ delivered: [], deferred, refused: [] });
    }
    return [];
  }

  /** Bulk is rendered once, for all transactions. */
  async #render(recipient: string | undefined): Promise<Buffer> {
    if (recipient !== undefined) return toBuffer(await this.outgoing.renderFor(recipient));
    this.#bulk ??= this.outgoing.renderFor(undefined).then(toBuffer);
    return this.#bulk;
  }

  /** What to write into the commands, by recipient. */
  #addresses(recipients: readonly string[]): Map<string, string> {
    const { devmode } = this.#keeper.services.config;
    const replaced = devmode.enabled && devmode.recipient !== '' ? devmode.recipient : undefined;
    return new Map(recipients.map((one) => [one, replaced ?? envelopeAddress(one) ?? one]));
  }

  async #note(outcome: Outcome): Promise<void> {
    this.#counts.transactions += 1;
    this.#counts.delivered += outcome.delivered.length;
    this.#counts.deferred += outcome.deferred.length;
    this.#counts.refused += outcome.refused.length;
    this.failed.push(...outcome.deferred, ...outcome.refused);
    await this.#ledger.note(outcome);
  }
}

function outcomeOf(addresses: ReadonlyMap<string, string>, refusals: ReadonlyMap<string, Refusal>): Outcome {
  const delivered: string[] = [];
  const deferred: RefusedRecipient[] = [];
  const refused: RefusedRecipient[] = [];
  for (const [recipient, address] of addresses) {
    const refusal = refusals.get(address);
    if (!refusal) delivered.push(recipient);
    else if (refusal.code >= 500 && refusal.code !== FULL_MAILBOX) refused.push({ recipient, ...refusal });
    else deferred.push({ recipient, ...refusal });
  }
  return { delivered, deferred, refused };
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

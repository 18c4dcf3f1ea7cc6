/** The sink as a process of its own: answers questions of its parent about what it has got. */
import { type SunkMail, startSmtpSink } from '../../test/support/smtp-sink.ts';
import type { Answer, Question, SinkReport } from './sink.ts';

/** Headers are looked at so far. */
const HEADERS_END = 4000;

/** By post, how often each recipient got it; undefined where nobody wants to know. */
let posts: Map<string, Map<string, number>> | undefined;
/** Who waits for how many recipients. */
let awaited: { readonly number: number; readonly recipients: number } | undefined;

const EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 100000000'];

const sink = await startSmtpSink({
  extensions: EXTENSIONS,
  isKeeping: false,
  onMessage: (mail) => {
    if (posts) note(mail);
    // The sink counts it when this returns.
    setImmediate(tellWaiter);
    return undefined;
  },
});

process.on('message', ({ number, question, recipients, isTracking }: Question) => {
  if (question === 'until') {
    awaited = { number, recipients };
    tellWaiter();
    return;
  }
  if (question === 'reset') {
    sink.counts.clear();
    sink.totals.transactions = 0;
    sink.totals.recipients = 0;
    posts = isTracking ? new Map() : undefined;
  }
  if (question === 'offer-verp') offer([...EXTENSIONS, 'XVERP']);
  if (question === 'offer-no-verp') offer(EXTENSIONS);
  answer(number, report());
});
process.on('disconnect', () => process.exit());
process.send?.({ port: sink.port });

function offer(extensions: readonly string[]): void {
  sink.behaviour = { ...sink.behaviour, extensions };
}

function note({ message, recipients }: SunkMail): void {
  const id = /^message-id: *(\S+)/im.exec(message.toString('latin1', 0, HEADERS_END))?.[1] ?? '';
  const counts = posts?.get(id) ?? new Map<string, number>();
  posts?.set(id, counts);
  for (const recipient of recipients) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
}

function tellWaiter(): void {
  if (!awaited || sink.totals.recipients < awaited.recipients) return;
  answer(awaited.number, report());
  awaited = undefined;
}

function report(): SinkReport {
  const copies = [...(posts ?? [])].map(([id, counts]) => [id, counts.size] as const);
  return {
    transactions: sink.totals.transactions,
    recipients: sink.totals.recipients,
    copies: Object.fromEntries(copies),
  };
}

function answer(number: number, result: SinkReport): void {
  process.send?.({ number, result } satisfies Answer);
}

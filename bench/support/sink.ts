import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from './mail-system.ts';

/** What the sink has got since it was reset. */
export interface SinkReport {
  readonly transactions: number;
  readonly recipients: number;
  /** How many different recipients got a post, by its Message-ID; only where the sink keeps track of posts. */
  readonly copies: Readonly<Record<string, number>>;
}

/** A mail server that counts, in a process of its own. */
export interface Sink {
  readonly port: number;
  /** Seconds of the processors that it has taken so far. */
  cpu(): number;
  report(): Promise<SinkReport>;
  /** @param isTracking whether to keep track of posts, which takes time */
  reset(isTracking?: boolean): Promise<SinkReport>;
  /** Whether to say that it makes envelope senders (XVERP), to connections from now on. */
  offerVerp(isOffered: boolean): Promise<SinkReport>;
  /** Waits until so many recipients have got their mail. @throws Error after the limit */
  untilRecipients(count: number, limitMs: number): Promise<SinkReport>;
  stop(): void;
}

/** Sent to the process of the sink. */
export interface Question {
  readonly number: number;
  readonly question: 'report' | 'reset' | 'until' | 'offer-verp' | 'offer-no-verp';
  readonly recipients: number;
  readonly isTracking: boolean;
}

/** What it sends back. */
export interface Answer {
  readonly number: number;
  readonly result: SinkReport;
}

export async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('sink-process.ts', import.meta.url)));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const waiting = new Map<number, (report: SinkReport) => void>();
  child.on('message', ({ number, result }: Answer) => {
    waiting.get(number)?.(result);
    waiting.delete(number);
  });
  let last = 0;
  const ask = (
    question: Question['question'],
    { recipients = 0, isTracking = false } = {},
  ): Promise<SinkReport> => {
    last += 1;
    const number = last;
    return new Promise((resolve) => {
      waiting.set(number, resolve);
      child.send({ number, question, recipients, isTracking } satisfies Question);
    });
  };
  return {
    port,
    cpu: () => cpuSeconds(child.pid ?? 0),
    report: () => ask('report'),
    reset: (isTracking = false) => ask('reset', { isTracking }),
    offerVerp: (isOffered) => ask(isOffered ? 'offer-verp' : 'offer-no-verp'),
    untilRecipients: async (count, limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<undefined>((resolve) => {
        timer = setTimeout(resolve, limitMs, undefined);
      });
      const report = await Promise.race([ask('until', { recipients: count }), limit]);
      clearTimeout(timer);
      if (report) return report;
      const { recipients } = await ask('report');
      throw new Error(`${recipients} of ${count} recipients after ${limitMs} ms`);
    },
    stop: () => {
      child.disconnect();
    },
  };
}

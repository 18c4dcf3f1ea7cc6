import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the sink has got so far. */
export interface SinkReport {
  readonly transactions: number;
  readonly recipients: number;
  /** How many different recipients, and how often the one that got most. */
  readonly different: number;
  readonly most: number;
  readonly mostOpen: number;
}

/** A mail server that counts, in a process of its own. */
export interface Sink {
  readonly port: number;
  report(): Promise<SinkReport>;
  reset(): Promise<SinkReport>;
  /** Waits until so many recipients have got their mail. @throws Error after the limit */
  untilRecipients(count: number, limitMs: number): Promise<void>;
  stop(): void;
}

export async function startSink(): Promise<Sink> {
  const child = fork(fileURLToPath(new URL('sink-process.ts', import.meta.url)));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const ask = async (question: 'report' | 'reset'): Promise<SinkReport> => {
    child.send(question);
    const [report] = (await once(child, 'message')) as [SinkReport];
    return report;
  };
  return {
    port,
    report: () => ask('report'),
    reset: () => ask('reset'),
    untilRecipients: async (count, limitMs) => {
      const end = performance.now() + limitMs;
      for (;;) {
        const { recipients } = await ask('report');
        if (recipients >= count) return;
        if (performance.now() > end)
          throw new Error(`${recipients} of ${count} recipients after ${limitMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    },
    stop: () => {
      child.disconnect();
    },
  };
}

import { Random } from './random.ts';
import type { Target } from './target.ts';

/** An input that takes longer counts as a finding, in milliseconds of the processor. */
export const TOO_LONG_MS = 1000;

/** From here on, in milliseconds on the clock, it is measured again what the processor did: the machine may be busy. */
const DOUBTFUL_MS = 200;

/** How reading one input went. */
export interface Attempt {
  readonly milliseconds: number;
  /** What was thrown, or that it took too long. */
  readonly failure: string | undefined;
}

/** The input of this number; the same for the same seed. */
export function inputOf(target: Target, seed: string, number: number): Buffer {
  return target.make(new Random(seed, target.name, number));
}

export async function attempt(target: Target, input: Buffer): Promise<Attempt> {
  const once = async (): Promise<string | undefined> => {
    try {
      const reading = target.read(input);
      if (reading) await reading;
      return undefined;
    } catch (error) {
      return describe(error);
    }
  };
  const start = performance.now();
  const failure = await once();
  const milliseconds = performance.now() - start;
  if (failure !== undefined || milliseconds < DOUBTFUL_MS) return { milliseconds, failure };
  const before = process.cpuUsage();
  await once();
  const { user, system } = process.cpuUsage(before);
  const worked = Math.min(milliseconds, (user + system) / 1000);
  const isTooLong = worked > TOO_LONG_MS;
  return { milliseconds: worked, failure: isTooLong ? `takes longer than ${TOO_LONG_MS} ms` : undefined };
}

/** The message, and where in the program it happened. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place =
    /\((?:file:\/\/)?[^()\n]*?((?:src|migrate|bench)\/[^()\n]+)\)/.exec(error.stack ?? '')?.[1] ?? '';
  return `${error.name}: ${error.message.split('\n')[0]?.slice(0, 200)} ${place}`.trimEnd();
}

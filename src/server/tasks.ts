import type { Services } from '../queue/step.ts';

/** Something that is done again and again beside the queues. */
export interface Task {
  readonly name: string;
  /** Pause between two runs, in seconds. */
  readonly every: number;
  /** Whether it also runs at the start. */
  readonly atStart?: boolean;
  readonly run: (services: Services) => Promise<void>;
}

/** The longest pause that a timer knows, in milliseconds; with a longer one it would run without any. */
const LONGEST_PAUSE = 2 ** 31 - 1;

/** Runs tasks, each never twice at once; one that fails is logged and tried again at its next time. */
export function startTasks(services: Services, tasks: readonly Task[]): { stop(): Promise<void> } {
  const stops = tasks.map((task) => startTask(services, task));
  return {
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

function startTask(services: Services, { name, every, atStart, run }: Task): () => Promise<void> {
  let running: Promise<void> | undefined;
  const begin = (): void => {
    running ??= run(services)
      .catch((error: Error) => services.log('error', `Task ${name}: ${error.stack ?? error.message}`))
      .finally(() => {
        running = undefined;
      });
  };
  if (atStart) begin();
  const timer = setInterval(begin, Math.min(Math.max(1, every) * 1000, LONGEST_PAUSE)).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

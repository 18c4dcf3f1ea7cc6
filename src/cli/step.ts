import type { Database } from '../database/handle.ts';
import { utcNow } from '../model/time.ts';
import { runStep } from '../queue/enqueue.ts';
import type { LoggerName, Services, Step } from '../queue/step.ts';
import { openLogs } from '../server/logs.ts';
import { systemResolver } from '../server/resolver.ts';
import type { CliContext } from './context.ts';

interface LogEntry {
  readonly logger: LoggerName;
  readonly line: string;
}

/**
 * Runs `work` as a step of the mail flow, in one transaction: what it puts into queues is there when the command ends,
 * for the server to send. What it logs is written when all is committed.
 */
export function runCliStep<T>(context: CliContext, work: (step: Step) => Promise<T>): Promise<T> {
  return context.withDatabase((database) => runStepOn(context, database, work));
}

/** The same on a database that is open. */
export async function runStepOn<T>(
  context: CliContext,
  database: Database,
  work: (step: Step) => Promise<T>,
): Promise<T> {
  let entries: LogEntry[] = [];
  const services: Services = {
    config: context.config(),
    database,
    clock: { now: utcNow },
    log: (logger, line) => entries.push({ logger, line }),
    resolver: systemResolver(context.config()),
  };
  const result = await runStep(services, (step) => {
    // The step may begin anew.
    entries = [];
    return work(step);
  });
  const logs = openLogs(services.config);
  for (const { logger, line } of entries) logs.log(logger, line);
  logs.close();
  return result;
}

import { Resolver } from 'node:dns/promises';
import { appendFileSync } from 'node:fs';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/handle.ts';
import type { LoggerName, Services, Step } from '../flow/step.ts';
import { logLine } from '../logging/line.ts';
import { utcNow } from '../model/time.ts';
import { runStep } from '../queue/enqueue.ts';
import type { CliContext } from './context.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

interface LogEntry {
  readonly logger: LoggerName;
  readonly message: string;
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
    log: (logger, message) => entries.push({ logger, message }),
    resolver: new Resolver(),
  };
  const result = await runStep(services, (step) => {
    // The step may begin anew.
    entries = [];
    return work(step);
  });
  writeLogs(context, entries);
  return result;
}

/** A log that cannot be written takes nothing back of what was done. */
function writeLogs(context: CliContext, entries: readonly LogEntry[]): void {
  const time = new Date();
  const config = context.config();
  for (const [logger, group] of Map.groupBy(entries, (entry) => entry.logger)) {
    const settings = loggerNamed(config, logger);
    if (!settings || !WRITTEN_LEVELS.has(settings.level)) continue;
    const text = group.map(({ message }) => logLine(settings, message, time)).join('');
    try {
      appendFileSync(settings.path, text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      context.warn(`${settings.path} cannot be written: ${systemErrorText(error)}`);
    }
  }
}

/** What commands log is information. */
const WRITTEN_LEVELS: ReadonlySet<string> = new Set(['info', 'debug', 'notset']);

function loggerNamed(config: Config, name: string) {
  return config.loggers.get(name) ?? config.loggers.get('root');
}

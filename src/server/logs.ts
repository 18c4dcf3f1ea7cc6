import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config, LoggerConfig } from '../config/index.ts';
import type { Log, LoggerName } from '../queue/step.ts';
import { strftime } from './strftime.ts';

/** How long lines are gathered before they are written, in milliseconds: a system call for each would cost much. */
const GATHER_MS = 50;

/** Severities as Python numbers them. */
const LEVELS: Readonly<Record<string, number>> = {
  notset: 0,
  debug: 10,
  info: 20,
  warn: 30,
  warning: 30,
  error: 40,
  critical: 50,
  fatal: 50,
};

/** The log files of a server. */
export interface Logs {
  readonly log: Log;
  /** Closes the files, so that the next line makes them anew: for logrotate. */
  reopen(): void;
  /** Writes out what is gathered. */
  flush(): void;
  close(): void;
}

/** Opens the logs of `[logging.*]`; a file is made when its first line comes. */
export function openLogs(config: Config): Logs {
  return new LogFiles(config);
}

interface OpenFile {
  descriptor: number | undefined;
  gathered: string[];
}

class LogFiles implements Logs {
  readonly #config: Config;
  /** Several loggers may write to one file. */
  readonly #files = new Map<string, OpenFile>();
  #timer: NodeJS.Timeout | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  readonly log: Log = (name, line) => {
    const logger = this.#config.loggers.get(name);
    if (!logger) return;
    const severity = severityOf(name);
    if (severity.number < (LEVELS[logger.level] ?? 0)) return;
    const text = format(logger, severity.name, line);
    this.#gather(logger.path, text);
    if (logger.propagate) process.stderr.write(`${text}\n`);
  };

  reopen(): void {
    this.flush();
    for (const file of this.#files.values()) {
      if (file.descriptor !== undefined) closeSync(file.descriptor);
      file.descriptor = undefined;
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [path, file] of this.#files) {
      if (file.gathered.length === 0) continue;
      const text = `${file.gathered.join('\n')}\n`;
      file.gathered = [];
      try {
        file.descriptor ??= open(path);
        writeSync(file.descriptor, text);
      } catch (error) {
        // The log is where this would have to be said; a full disk must not stop the mail.
        process.stderr.write(`${path}: ${(error as Error).message}\n`);
      }
    }
  }

  close(): void {
    this.reopen();
  }

  #gather(path: string, text: string): void {
    const file = this.#files.get(path) ?? { descriptor: undefined, gathered: [] };
    this.#files.set(path, file);
    file.gathered.push(text);
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }
}

function open(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a', 0o640);
}

function severityOf(name: LoggerName): { readonly name: string; readonly number: number } {
  return name === 'error' ? { name: 'ERROR', number: 40 } : { name: 'INFO', number: 20 };
}

/** A line in Python's notation. Line ends would let a mail forge further lines. */
function format(logger: LoggerConfig, levelname: string, line: string): string {
  // Lines about HTTP requests come as their format says already.
  if (!logger.format.includes('%(message)s')) return oneLine(line);
  const values: Readonly<Record<string, string>> = {
    asctime: strftime(logger.datefmt, new Date()),
    process: String(process.pid),
    message: logger.name === 'error' ? line.replace(/[^\P{Cc}\t\n]/gu, '?') : oneLine(line),
    levelname,
    name: `mailman.${logger.name}`,
  };
  return logger.format.replace(/%\((\w+)\)[sd]/g, (whole, name: string) => values[name] ?? whole);
}

function oneLine(line: string): string {
  return line.replace(/\r?\n[ \t]*/g, ' ').replace(/\p{Cc}/gu, '?');
}

import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { FerrymanError } from '../errors.ts';
import { printable, printableJson } from './printable.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** Results could not be written to where they should go. */
export class OutputError extends FerrymanError {
  override name = 'OutputError';
}

/** Where the results and remarks of a command go. */
export interface Output {
  /** A line of results, to standard output. */
  readonly print: (line: string) => void;
  /** Results for programs, to standard output. */
  readonly printJson: (value: unknown) => void;
  /** A line for people, to standard error: warnings, progress. */
  readonly warn: (line: string) => void;
  /** Writes out what `print` has gathered. */
  readonly flush: () => void;
}

const STDOUT = 1;
const STDERR = 2;

/** Characters gathered before they are written: a line at a time would cost a system call each. */
const BUFFER_LENGTH = 65_536;

/** How long to wait for a reader that does not keep up with a pipe that does not block, in milliseconds. */
const BUSY_PIPE_WAIT = 5;

/** A reader who has seen enough (`mailman members ant | head`) closes the pipe: the rest is dropped, the work goes on. */
export function openOutput(): Output {
  const atOnce = isatty(STDOUT);
  let gathered = '';
  let isOpen = true;
  const flush = (): void => {
    const text = gathered;
    gathered = '';
    if (text === '' || !isOpen) return;
    try {
      isOpen = writeAll(STDOUT, text);
    } catch (error) {
      isOpen = false;
      if (!isSystemError(error)) throw error;
      throw new OutputError(`Standard output cannot be written: ${systemErrorText(error)}`);
    }
  };
  const write = (text: string): void => {
    gathered += text;
    if (atOnce || gathered.length >= BUFFER_LENGTH) flush();
  };
  return {
    print: (line) => write(`${printable(line)}\n`),
    printJson: (value) => write(`${printableJson(value)}\n`),
    warn: (line) => {
      flush();
      try {
        writeAll(STDERR, `${printable(line)}\n`);
      } catch (error) {
        if (!isSystemError(error)) throw error;
      }
    },
    flush,
  };
}

/** @returns false where nobody reads any more */
function writeAll(descriptor: number, text: string): boolean {
  const bytes = Buffer.from(text.toWellFormed());
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code === 'EPIPE') return false;
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PIPE_WAIT);
    }
  }
  return true;
}

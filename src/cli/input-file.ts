import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FerrymanError, UsageError } from '../errors.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** A file was read but cannot be used. */
export class InputError extends FerrymanError {
  override name = 'InputError';
}

const STDIN = 0;

const CHUNK = 65_536;

/** More than any list of members or configuration of a list needs. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads a file that the command line names; `-` is standard input.
 * @param parameter the parameter as messages name it, such as `'FILENAME'` or `'--file' / '-f'`
 * @throws UsageError where it cannot be read
 */
export function readInput(file: string, parameter: string): Buffer {
  try {
    return file === '-' ? readAll(STDIN, file) : readNamed(file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UsageError(`Invalid value for ${parameter}: '${file}': ${systemErrorText(error)}`);
  }
}

/**
 * The lines of a text file in UTF-8, with or without byte order mark.
 * @throws InputError naming the line that is not UTF-8
 */
export function readLines(file: string, parameter: string): string[] {
  const bytes = readInput(file, parameter);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r\n|\n|\r/);
  } catch {
    const line = firstBadLine(bytes);
    throw new InputError(
      `${nameOf(file)}, line ${line}: not UTF-8; convert the file first (iconv -f LATIN1 -t UTF-8)`,
    );
  }
}

function readNamed(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    return readAll(descriptor, file);
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, file: string): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const rest = fstatSync(descriptor).size - length;
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(CHUNK, rest + 1), MAX_BYTES));
    const count = readSome(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks, length);
    length += count;
    if (length > MAX_BYTES) throw new InputError(`${nameOf(file)} is longer than ${MAX_BYTES} bytes`);
    chunks.push(chunk.subarray(0, count));
  }
}

/** A terminal or pipe that another process made non-blocking answers EAGAIN while there is nothing yet. */
function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}

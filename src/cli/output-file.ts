import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CliContext } from './context.ts';
import { OutputError } from './output.ts';
import { printable, printableJson } from './printable.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** Where `-o` sends the results of a command: a file, or (nothing, `-`) standard output. */
export interface ResultTarget {
  readonly print: (line: string) => void;
  readonly printJson: (value: unknown) => void;
  /** Puts the file in place, all at once; whoever reads it sees the old text or the new. */
  readonly finish: () => void;
}

/** Characters that are gathered before they go to the disk. */
const GATHERED = 1024 * 1024;

/**
 * @param file the value of `-o`
 * @param mode of a file that is new
 */
export function openTarget(
  { print, printJson, flush }: CliContext,
  file: string | undefined,
  mode = 0o666,
): ResultTarget {
  if (file === undefined || file === '-') return { print, printJson, finish: flush };
  const replacement = new Replacement(file, mode);
  const withFile = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new OutputError(`Could not open file '${file}': ${systemErrorText(error)}`);
    }
  };
  return {
    print: (line) => withFile(() => replacement.write(`${printable(line)}\n`)),
    printJson: (value) => withFile(() => replacement.write(`${printableJson(value)}\n`)),
    finish: () => withFile(() => replacement.finish()),
  };
}

/** A text that takes the place of a file when all of it is there; until then it lies beside it. */
class Replacement {
  readonly #file: string;
  readonly #mode: number;
  #texts: string[] = [];
  #length = 0;
  #opened: { readonly descriptor: number; readonly temporary?: string; readonly target: string } | undefined;

  constructor(file: string, mode: number) {
    this.#file = file;
    this.#mode = mode;
  }

  write(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
    if (this.#length >= GATHERED) this.#spill();
  }

  finish(): void {
    const { descriptor, temporary, target } = this.#spill();
    if (temporary !== undefined) fsyncSync(descriptor);
    closeSync(descriptor);
    if (temporary !== undefined) renameSync(temporary, target);
    this.#opened = undefined;
  }

  #spill(): { readonly descriptor: number; readonly temporary?: string; readonly target: string } {
    this.#opened ??= this.#open();
    for (const text of this.#texts) writeFileSync(this.#opened.descriptor, text);
    this.#texts = [];
    this.#length = 0;
    return this.#opened;
  }

  #open() {
    const existing = statSync(this.#file, { throwIfNoEntry: false });
    // Devices and pipes cannot be replaced, they are written to.
    if (existing && !existing.isFile()) {
      return { descriptor: openSync(this.#file, 'w'), target: this.#file };
    }
    const target = existing ? realpathSync(this.#file) : this.#file;
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    const descriptor = openSync(temporary, 'wx', this.#mode);
    // A command that fails leaves nothing behind.
    process.once('exit', () => rmSync(temporary, { force: true }));
    if (existing) fchmodSync(descriptor, existing.mode & 0o7777);
    return { descriptor, temporary, target };
  }
}

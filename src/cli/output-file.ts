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
  const texts: string[] = [];
  return {
    print: (line) => texts.push(`${printable(line)}\n`),
    printJson: (value) => texts.push(`${printableJson(value)}\n`),
    finish: () => {
      try {
        replaceFile(file, texts, mode);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        throw new OutputError(`Could not open file '${file}': ${systemErrorText(error)}`);
      }
    },
  };
}

function replaceFile(file: string, texts: readonly string[], mode: number): void {
  const existing = statSync(file, { throwIfNoEntry: false });
  // Devices and pipes cannot be replaced, they are written to.
  if (existing && !existing.isFile()) {
    writeFileSync(file, texts.join(''));
    return;
  }
  const target = existing ? realpathSync(file) : file;
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      if (existing) fchmodSync(descriptor, existing.mode & 0o7777);
      for (const text of texts) writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

import { closeSync, openSync, writeSync } from 'node:fs';
import { OutputError } from './output.ts';
import { isSystemError, systemErrorText } from './system-error.ts';

/** A file to which values are added as they come, each as a line of JSON. */
export interface AppendedFile {
  readonly append: (values: readonly unknown[]) => void;
  readonly close: () => void;
}

/** @param file undefined where nothing is to be written @throws OutputError */
export function openAppended(file: string | undefined): AppendedFile {
  if (file === undefined) return { append: () => undefined, close: () => undefined };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new OutputError(`Could not write to file '${file}': ${systemErrorText(error)}`);
    }
  };
  const handle = attempt(() => openSync(file, 'a'));
  return {
    append: (values) => {
      const lines = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      for (let at = 0; at < lines.length; ) at += attempt(() => writeSync(handle, lines, at));
    },
    close: () => closeSync(handle),
  };
}

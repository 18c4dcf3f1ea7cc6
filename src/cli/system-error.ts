import { getSystemErrorMessage } from 'node:util';

/** Where the C library words it differently, its words, which people search for. */
const WORDS: Readonly<Record<string, string>> = {
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
};

/** Whether the operating system refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'errno' in error && typeof error.errno === 'number';
}

/** `No such file or directory` and the like. */
export function systemErrorText({ code = '', errno = 0 }: NodeJS.ErrnoException): string {
  const text = WORDS[code] ?? getSystemErrorMessage(errno);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

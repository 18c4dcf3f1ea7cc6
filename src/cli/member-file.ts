import { type Mailbox, parseMailbox } from '../model/email-address.ts';
import { readLines } from './input-file.ts';

/**
 * The people in a file of members, one a line. Blank lines and lines that start with `#` are skipped; a line without
 * anything like an address counts as an address, which then proves to be none.
 */
export function readMemberFile(file: string, parameter: string): Mailbox[] {
  return readLines(file, parameter)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toMailbox);
}

/** What stands on one line, or after `-m`. */
export function toMailbox(line: string): Mailbox {
  return parseMailbox(line) ?? { address: line, displayName: '' };
}

/** `Last, First <lf@example.com>`: as `mailman members` prints people, without quotes. */
export function plainMailbox({ address, displayName }: Mailbox): string {
  return displayName === '' ? address : `${displayName} <${address}>`;
}

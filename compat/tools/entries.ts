import { readFileSync } from 'node:fs';
import { isSystemError, systemErrorText } from '../../src/cli/system-error.ts';
import { isValidAddress, type Mailbox, parseMailbox } from '../../src/model/email-address.ts';
import { ToolError } from './tool.ts';

/** Standard input. */
const STDIN = 0;

/** The lines of a file of members, `-` for standard input; bytes that are no UTF-8 count as ISO 8859-1, as old files are. */
export function readEntryLines(file: string): string[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === '-' ? STDIN : file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ToolError(`Could not open file for reading: ${file}: ${systemErrorText(error)}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text = bytes.toString('latin1');
  }
  return text.split(/\r\n|\n|\r/);
}

/** A line of such a file, as written and as understood. */
export interface Entry {
  readonly line: string;
  readonly mailbox: Mailbox;
}

/** A line as somebody typed it: an address, perhaps with a name. */
export function toEntry(line: string): Entry {
  const trimmed = line.trim();
  return { line: trimmed, mailbox: parseMailbox(trimmed) ?? { address: trimmed, displayName: '' } };
}

const HOSTILE = /[\s<>()[\],;:\\"]/;

/** Why an address is none, in Mailman 2.1's words; undefined for a good one. */
export function badAddress({ line, mailbox: { address } }: Entry): string | undefined {
  if (line === '') return 'Bad/Invalid email address: blank line';
  if (isValidAddress(address)) return undefined;
  return HOSTILE.test(address)
    ? `Hostile address (illegal characters): ${line}`
    : `Bad/Invalid email address: ${line}`;
}

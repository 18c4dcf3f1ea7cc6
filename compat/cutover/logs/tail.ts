import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, statOf } from '../../../migrate/site/source-file.ts';
import type { LogPosition } from '../../../src/database/followed-logs.ts';
import { isUnfinished, type LogLine, logLines, STAMP } from './events.ts';

/** What came to a log since the last look. */
export interface LogPart {
  readonly lines: readonly LogLine[];
  readonly next: LogPosition;
  /** Whether there is more to be read at once. */
  readonly isMore: boolean;
}

/** What is read at once, in bytes: bounds memory, and how long the mail waits for it. */
const LARGEST_PART = 4 * 1024 * 1024;

/** How much is read of a log that was never looked at. */
const LARGEST_PAST = 64 * 1024 * 1024;

/** How long after its last line a log that was renamed is still written to by those who have not noticed, and a text may go on, in milliseconds. */
const GRACE_MS = 5000;

/**
 * Reads on in a log of Mailman 2: whole lines only, and whole texts where they have several. A log that was renamed is read
 * to its end first; one that was emptied is begun anew.
 * @param from undefined at the first look
 */
export function readLogPart(folder: string, name: string, from: LogPosition | undefined): LogPart {
  const path = join(folder, name);
  const current = statOf(path);
  if (from === undefined) {
    if (!current) return nothing({ inode: '', position: 0 });
    const position = Math.max(0, current.size - LARGEST_PAST);
    return readFrom(path, { inode: String(current.ino), position });
  }
  if (current && String(current.ino) === from.inode) {
    return readFrom(path, current.size < from.position ? { ...from, position: 0 } : from);
  }
  const old = from.inode === '' ? undefined : renamed(folder, name, from.inode);
  const status = old === undefined ? undefined : statOf(old);
  if (old !== undefined && status) {
    const part = readFrom(old, from);
    const isDone = part.next.position >= status.size && Date.now() - status.mtimeMs > GRACE_MS;
    if (!isDone || !current) return part;
    return { lines: part.lines, next: { inode: String(current.ino), position: 0 }, isMore: true };
  }
  return current ? readFrom(path, { inode: String(current.ino), position: 0 }) : nothing(from);
}

function nothing(next: LogPosition): LogPart {
  return { lines: [], next, isMore: false };
}

/** `post.1`, `post-20240315`: whatever logrotate calls it. */
function renamed(folder: string, name: string, inode: string): string | undefined {
  const candidates = namesIn(folder).filter((other) => other !== name && other.startsWith(name));
  return candidates.map((other) => join(folder, other)).find((path) => String(statOf(path)?.ino) === inode);
}

function readFrom(path: string, from: LogPosition): LogPart {
  const status = statOf(path);
  const left = (status?.size ?? 0) - from.position;
  if (!status || left <= 0) return nothing(from);
  const bytes = readBytes(path, from.position, Math.min(left, LARGEST_PART));
  const isWhole = bytes.length === left;
  const mayGoOn = !isWhole || Date.now() - status.mtimeMs < GRACE_MS;
  const end = wholeTexts(bytes, isWhole, mayGoOn);
  // A line that fills all of it is none of Mailman's.
  const used = end === 0 && !isWhole ? bytes.length : end;
  return {
    lines: logLines(bytes.toString('latin1', 0, end)),
    next: { ...from, position: from.position + used },
    isMore: !isWhole,
  };
}

function readBytes(path: string, position: number, length: number): Buffer {
  const handle = openSync(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, position));
  } finally {
    closeSync(handle);
  }
}

/** How many bytes hold texts that are complete. */
function wholeTexts(bytes: Buffer, isWhole: boolean, mayGoOn: boolean): number {
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (!mayGoOn || end === 0) return end;
  const text = bytes.toString('latin1', 0, end);
  let start = end;
  for (;;) {
    start = start <= 1 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
    if (STAMP.test(text.slice(start, start + STAMP_LENGTH))) break;
    if (start === 0) return end;
  }
  const last = text.slice(start, end).replace(STAMP, '').trimEnd();
  if (!isWhole) return start || end;
  return isUnfinished(last) ? start : end;
}

/** More than date and process id have. */
const STAMP_LENGTH = 60;

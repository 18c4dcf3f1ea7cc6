import type { Connection } from '../../database/handle.ts';
import { query, queryIn } from '../../database/statement.ts';
import type { Groupable, Grouping } from './grouping.ts';
import { type Big, oneOf } from './statements.ts';
import { LINK_REACH, type Linking } from './subject-links.ts';

interface HashRow {
  readonly hash: string;
  readonly thread_id: number;
}

interface SubjectRow {
  readonly subject_key: Big;
  readonly date: Big;
  readonly linking: Linking;
  readonly thread_id: number;
}

/** Tells what is stored and concerns new messages: by Message-ID and reference, and by subject and time. */
export async function groupAmongStored(
  connection: Connection,
  list: number,
  grouping: Grouping,
  messages: readonly Groupable[],
): Promise<void> {
  const hashes = [...new Set(messages.flatMap(({ hash, references }) => [hash, ...references]))];
  const present = await queryIn<HashRow>(
    connection,
    (isListed) =>
      `SELECT hash, thread_id FROM archive_message WHERE list_id = ? AND copy = 0 AND hash ${isListed}`,
    [list],
    hashes,
  );
  for (const { hash, thread_id: thread } of present) grouping.addPresent(hash, thread);
  const missing = await queryIn<HashRow>(
    connection,
    (isListed) => `SELECT hash, thread_id FROM archive_missing WHERE list_id = ? AND hash ${isListed}`,
    [list],
    hashes,
  );
  for (const { hash, thread_id: thread } of missing) grouping.addMissing(hash, thread);
  const keys = new Set(messages.flatMap(({ subjectKey }) => subjectKey ?? []));
  const dates = messages.map(({ date }) => date);
  if (keys.size === 0) return;
  const [isOne, wanted] = oneOf(connection, keys);
  const places = await query<SubjectRow>(
    connection,
    `SELECT subject_key, date, linking, thread_id FROM archive_message
     WHERE list_id = ? AND subject_key ${isOne} AND date BETWEEN ? AND ?`,
    [list, wanted, smallest(dates) - LINK_REACH, largest(dates) + LINK_REACH],
  );
  for (const { subject_key: key, date, linking, thread_id: thread } of places)
    grouping.addSubject(Number(key), { date: Number(date), linking, thread });
}

function smallest(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other));
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other));
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { sampleMessage } from '../migrate/archive/archive.ts';
import { type Installation, install, MAILMAN } from '../support/mailman.ts';
import { oldArchives } from '../support/old-archives.ts';

const LIST = 'ant@example.com';

/** What the archive has of its messages, threads, words and old addresses, without keys. */
function everything({ folder }: Installation) {
  const database = new Database(join(folder, 'var/data/archive.db'), { readonly: true });
  const rows = (sql: string): unknown[] => database.prepare(sql).raw().all();
  const result = {
    list: rows('SELECT messages, threads, attachments, source_size, first_date, last_date FROM archive_list'),
    messages: rows(
      `SELECT m.number, m.hash, m.copy, m.subject, m.date, m.date_source, r.number, hex(m.digest) FROM archive_message m
       JOIN archive_thread t ON t.id = m.thread_id JOIN archive_message r ON r.id = t.root_id ORDER BY m.id`,
    ),
    paths: rows(
      'SELECT p.path, m.number FROM archive_old_path p JOIN archive_message m ON m.id = p.message_id ORDER BY p.path',
    ),
    files: rows('SELECT path, type, modified, content FROM archive_old_file ORDER BY path'),
    months: rows('SELECT month, messages FROM archive_month ORDER BY month'),
    words: rows("SELECT count(*) FROM archive_index WHERE archive_index MATCH 'body'"),
  };
  database.close();
  return result;
}

/** Runs the command and kills it without warning after so long. @returns whether it was done before */
async function runFor(milliseconds: number, folder: string, ...argv: readonly string[]): Promise<boolean> {
  const child = spawn(MAILMAN, ['-C', join(folder, 'mailman.cfg'), ...argv], {
    stdio: 'ignore',
    detached: true,
  });
  const timer = setTimeout(() => {
    // The launcher may have started a process of its own.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, milliseconds);
  const status = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearTimeout(timer);
  return status === 0;
}

it('ends as if it had never been killed, wherever that happens', async () => {
  const [calm, killed] = [install(), install()];
  const mbox = Array.from({ length: 4000 }, (_, number) =>
    sampleMessage(number, `${'A sentence that makes the body longer. '.repeat(40)}\n`),
  ).join('');
  for (const { mailman, file } of [calm, killed]) {
    mailman('create', '-q', LIST);
    file('a.mbox', mbox);
  }
  const tree = oldArchives().tree('plain');
  const argv = (folder: string) => ['archive', 'import', LIST, join(folder, 'a.mbox'), '--pipermail', tree];
  expect(calm.mailman(...argv(calm.folder)).status).toBe(0);
  let kills = 0;
  // Later and later, so that all of the work is hit: opening, batches, files, the end.
  for (let wait = 250; ; wait += 97) {
    if (await runFor(wait, killed.folder, ...argv(killed.folder))) break;
    kills += 1;
  }
  expect(kills).toBeGreaterThan(2);
  expect(existsSync(join(killed.folder, 'var/data/archive.db'))).toBe(true);
  expect(everything(killed)).toEqual(everything(calm));
  expect(killed.mailman('archive', 'export', LIST).stdout).toBe(mbox);
});

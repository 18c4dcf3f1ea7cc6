import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { archiveSchema } from '../../src/archiving/store/migrations/index.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { query } from '../../src/database/statement.ts';
import { onServer } from '../database/dialects.ts';
import { defaultConfig } from '../support/services.ts';
import { pagesOf } from './pages.ts';
import { fillSite } from './sample-mails.ts';
import { makeSite, type Site } from './site.ts';

/** Every kind of page and download of a site made by `fillSite`; what a search does is told by its time limit. */
async function everything(site: Site): Promise<string[]> {
  const ant = '/archives/list/ant@example.com';
  const { thread = '', message = '', month = '', search, list_search, ...others } = await pagesOf(site);
  const day = `${month}${new Date().getUTCDate()}/`;
  const more = [thread, message, month, ...Object.values(others), day, `${ant}/feed/`, `${thread}feed/`];
  const files = [`${message}raw/`, `${message}attachment/2/x`, `${ant}/export/ant.mbox.gz?thread=${thread}`];
  const old = ['2024-March/000123.html', '2024-March/thread.html', '2024-March.txt', 'attachments/a/b.png'];
  return [...more, ...files, `${ant}/?page=2`, ...old.map((path) => `/pipermail/ant/${path}`)];
}

async function open(site: Site): Promise<void> {
  for (const url of await everything(site)) {
    const { statusCode } = await site.app.inject({ url });
    expect([200, 301, 302, 404], url).toContain(statusCode);
  }
}

describe('No page reads the whole archive', () => {
  test('on SQLite', async () => {
    const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
    const site = await makeSite();
    try {
      await fillSite(site, 2);
      prepare.mockClear();
      await open(site);
      const statements = new Set(prepare.mock.calls.map(([sql]) => sql));
      prepare.mockRestore();
      const database = new Sqlite(site.services.config.archive.url.slice('sqlite:///'.length));
      for (const sql of statements) {
        if (!sql.includes('archive_')) continue;
        const values = Array.from(sql.matchAll(/\?/g), () => null);
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
        const scans = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN archive_'));
        expect(
          scans.filter((scan) => !scan.startsWith('SCAN archive_list ')),
          sql,
        ).toEqual([]);
      }
      database.close();
      expect(statements.size).toBeGreaterThan(20);
    } finally {
      prepare.mockRestore();
      await site.close();
    }
  });
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** Tables that are read from their beginning to their end, also through an index. */
function scanned(plan: Plan, isLimited = false): string[] {
  const kind = plan['Node Type'];
  const isBounded = isLimited || 'Index Cond' in plan || 'Recheck Cond' in plan;
  const own = /Scan$/.test(kind) && !isBounded ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap((part) => scanned(part, kind === 'Limit'))];
}

await onServer('postgresql', 'No page reads the whole archive', ({ freshUrl }) => {
  test('on PostgreSQL', async () => {
    const url = await freshUrl();
    const ask = vi.spyOn(pg.Client.prototype, 'query');
    const site = await makeSite({}, { archive: { ...defaultConfig().archive, url } });
    try {
      await fillSite(site, 2);
      ask.mockClear();
      await open(site);
      const asked = ask.mock.calls.map(([first]) => first as string | { text: string; values?: unknown[] });
      ask.mockRestore();
      const statements = new Map<string, unknown[]>();
      for (const one of asked)
        if (typeof one !== 'string' && one.text.includes('archive_'))
          statements.set(one.text, one.values ?? []);
      const database = await openDatabase(url, { schema: archiveSchema });
      // In a small archive the planner would read tables as a whole that it would not in a large one.
      await database.transaction(async (connection) => {
        await connection.raw('SET LOCAL enable_seqscan = off');
        for (const [sql, values] of statements) {
          const [row] = await query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
            connection,
            `EXPLAIN (FORMAT JSON) ${sql.replaceAll(/\$\d+/g, '?')}`,
            values as string[],
          );
          const tables = (row?.['QUERY PLAN'] ?? []).flatMap(({ Plan: plan }) => scanned(plan));
          expect(
            tables.filter((table) => table !== 'archive_list'),
            sql,
          ).toEqual([]);
        }
      });
      await database.close();
      expect(statements.size).toBeGreaterThan(20);
    } finally {
      ask.mockRestore();
      await site.close();
    }
  });
});

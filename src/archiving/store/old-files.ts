import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Connection } from '../../database/handle.ts';
import { execute, query } from '../../database/statement.ts';
import { pageLimit } from './pages.ts';
import type { Big } from './statements.ts';
import type { OldFile, Page, PageRequest } from './types.ts';

interface FileRow {
  readonly type: string;
  readonly modified: Big;
  readonly is_compressed: number;
  readonly content: Buffer;
}

/** A file of the old archive by its path below /pipermail/LIST/. */
export async function selectOldFile(
  connection: Connection,
  list: number,
  path: string,
): Promise<OldFile | undefined> {
  const [row] = await query<FileRow>(
    connection,
    'SELECT type, modified, is_compressed, content FROM archive_old_file WHERE list_id = ? AND path = ?',
    [list, path],
  );
  if (!row) return undefined;
  const content = row.is_compressed === 1 ? zstdDecompressSync(row.content) : row.content;
  return { type: row.type, content, modified: Number(row.modified) };
}

/** A file that is there already changes. */
export async function saveOldFile(
  connection: Connection,
  list: number,
  path: string,
  file: OldFile,
): Promise<void> {
  const compressed = zstdCompressSync(file.content);
  const isSmaller = compressed.length < file.content.length * 0.9;
  await execute(
    connection,
    `INSERT INTO archive_old_file (list_id, path, type, modified, is_compressed, content) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (list_id, path) DO UPDATE SET type = excluded.type, modified = excluded.modified,
       is_compressed = excluded.is_compressed, content = excluded.content`,
    [list, path, file.type, file.modified, isSmaller ? 1 : 0, isSmaller ? compressed : file.content],
  );
}

/** Paths of pages and files; the last one of a page is the cursor. */
export async function selectOldPaths(
  connection: Connection,
  list: number,
  page: PageRequest,
): Promise<Page<string>> {
  const limit = pageLimit(page);
  const after = page.after ?? '';
  const rows = await query<{ path: string }>(
    connection,
    `SELECT path FROM archive_old_path WHERE list_id = ? AND path > ?
     UNION SELECT path FROM archive_old_file WHERE list_id = ? AND path > ? ORDER BY path LIMIT ?`,
    [list, after, list, after, limit + 1],
  );
  const items = rows.slice(0, limit).map(({ path }) => path);
  return { items, next: rows.length > limit ? items.at(-1) : undefined };
}

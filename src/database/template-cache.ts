import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

/** What is known of a text that was fetched from a URI. */
export interface CachedTemplate {
  /** The text, or null where it could not be fetched so far. */
  readonly text: string | null;
  /** Until when that is good; then it is fetched again. */
  readonly expiresAt: UtcTime;
}

interface CacheRow {
  readonly cache_key: string;
  readonly content: string | null;
  readonly expires_at: UtcTime;
}

const TABLE = 'template_cache';

/** What was kept under a key, and until when it holds. */
export async function cachedTemplate(
  connection: Connection,
  key: string,
): Promise<CachedTemplate | undefined> {
  const row = await connection<CacheRow>(TABLE).where('cache_key', key).first();
  return row && { text: row.content, expiresAt: row.expires_at };
}

/** Stores what was fetched, or found out, under this key. */
export async function cacheTemplate(
  connection: Connection,
  key: string,
  { text, expiresAt }: CachedTemplate,
): Promise<void> {
  await connection(TABLE)
    .insert({ cache_key: key, content: text, expires_at: expiresAt })
    .onConflict('cache_key')
    .merge(['content', 'expires_at']);
}

/** Forgets what expired before this moment; gives how many texts that were. */
export async function deleteExpiredTemplates(connection: Connection, before: UtcTime): Promise<number> {
  return connection<CacheRow>(TABLE).where('expires_at', '<', before).delete();
}

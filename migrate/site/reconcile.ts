import { createHash } from 'node:crypto';
import type { Connection } from '../../src/database/handle.ts';
import {
  deleteMigratedItems,
  insertMigratedItems,
  type MigratedItem,
  type MigratedKind,
  migratedItems,
} from '../../src/database/migrated-items.ts';
import type { Changes } from '../import21/report.ts';

/** A thing of the source, as it is to be here. */
export interface Wanted<T> {
  readonly sourceId: string;
  /** See `digestOf`. */
  readonly digest: string;
  readonly item: T;
}

/** How a thing comes into being here, and how it goes. */
export interface Maker<T> {
  /** @returns what names it here */
  readonly add: (item: T) => Promise<string>;
  /** It may be gone already. */
  readonly remove: (target: string) => Promise<void>;
}

/**
 * Brings what came over to what the source has now. What has not changed there stays as it is here, also where somebody
 * has dealt with it meanwhile; what is gone there was dealt with there, and goes.
 */
export async function reconcile<T>(
  connection: Connection,
  listId: string,
  kind: MigratedKind,
  wanted: readonly Wanted<T>[],
  { add, remove }: Maker<T>,
): Promise<{ readonly changes: Changes; readonly targets: ReadonlyMap<string, string> }> {
  const known = await migratedItems(connection, listId, kind);
  const changes: Changes = { added: 0, updated: 0, removed: 0, unchanged: 0 };
  const targets = new Map<string, string>();
  const gone: MigratedItem[] = [];
  const fresh: MigratedItem[] = [];
  for (const { sourceId, digest, item } of wanted) {
    const before = known.get(sourceId);
    known.delete(sourceId);
    if (before?.digest === digest) {
      changes.unchanged += 1;
      targets.set(sourceId, before.target);
      continue;
    }
    if (before) {
      gone.push(before);
      await remove(before.target);
      changes.updated += 1;
    } else changes.added += 1;
    const target = await add(item);
    targets.set(sourceId, target);
    fresh.push({ sourceId, digest, target });
  }
  for (const item of known.values()) {
    await remove(item.target);
    changes.removed += 1;
    gone.push(item);
  }
  await deleteMigratedItems(
    connection,
    listId,
    kind,
    gone.map(({ sourceId }) => sourceId),
  );
  await insertMigratedItems(connection, listId, kind, fresh);
  return { changes, targets };
}

/** SHA-256 over values of JSON and bytes, in hex. */
export function digestOf(...parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part) ?? '');
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

import type { Connection } from './handle.ts';
import { insertRows, selectIn } from './rows.ts';

/** What kinds of things come over one by one. */
export const migratedKinds = [
  'bounce',
  'config',
  'digest',
  'held_message',
  'pending',
  'queue',
  'subscription',
  'unsubscription',
] as const;
export type MigratedKind = (typeof migratedKinds)[number];

/** One thing of a Mailman 2.1 list, and what it became. */
export interface MigratedItem {
  /** What names it in the source. */
  readonly sourceId: string;
  /** SHA-256 of what it was there, in hex. */
  readonly digest: string;
  /** What names it here. It may be gone by now. */
  readonly target: string;
}

interface ItemRow {
  readonly source_id: string;
  readonly digest: string;
  readonly target: string;
}

/** PostgreSQL and MariaDB take statements only up to some size; so bytes are kept in pieces. */
const PIECE_LENGTH = 4 * 1024 * 1024;

/** What has come over of one kind, by what names it in the source. */
export async function migratedItems(
  connection: Connection,
  listId: string,
  kind: MigratedKind,
): Promise<Map<string, MigratedItem>> {
  const rows: ItemRow[] = await connection('migrated_item')
    .where({ list_id: listId, kind })
    .orderBy('source_id')
    .select('source_id', 'digest', 'target');
  return new Map(
    rows.map(({ source_id, digest, target }) => [source_id, { sourceId: source_id, digest, target }]),
  );
}

/** All that has come over, by kind and what names it in the source. */
export async function allMigratedItems(
  connection: Connection,
  listId: string,
): Promise<(MigratedItem & { readonly kind: MigratedKind })[]> {
  const rows: (ItemRow & { readonly kind: MigratedKind })[] = await connection('migrated_item')
    .where('list_id', listId)
    .orderBy(['kind', 'source_id']);
  return rows.map(({ kind, source_id, digest, target }) => ({ kind, sourceId: source_id, digest, target }));
}

/** Notes what came over; none of it may have been noted before. */
export async function insertMigratedItems(
  connection: Connection,
  listId: string,
  kind: MigratedKind,
  items: readonly MigratedItem[],
): Promise<void> {
  const rows = items.map(({ sourceId, digest, target }) => ({
    list_id: listId,
    kind,
    source_id: sourceId,
    digest,
    target,
  }));
  await insertRows(connection, 'migrated_item', rows);
}

/** Forgets what is not in the source any more. */
export async function deleteMigratedItems(
  connection: Connection,
  listId: string,
  kind: MigratedKind,
  sourceIds: readonly string[],
): Promise<void> {
  await selectIn(sourceIds, async (batch) => {
    await connection('migrated_item').where({ list_id: listId, kind }).whereIn('source_id', batch).delete();
    return [];
  });
}

/**
 * Keeps bytes of a list's source under a name, in place of what was there.
 * @param parts taken one by one, so that not all must be in memory
 */
export async function putMigratedSource(
  connection: Connection,
  listId: string,
  name: string,
  parts: Iterable<Buffer>,
): Promise<void> {
  await connection('migrated_source').where({ list_id: listId, name }).delete();
  let position = 0;
  for (const part of parts) {
    for (let start = 0; start < part.length; start += PIECE_LENGTH) {
      const content = part.subarray(start, start + PIECE_LENGTH);
      await connection('migrated_source').insert({ list_id: listId, name, position, content });
      position += 1;
    }
  }
}

/** Forgets them. */
export async function deleteMigratedSource(
  connection: Connection,
  listId: string,
  name: string,
): Promise<void> {
  await connection('migrated_source').where({ list_id: listId, name }).delete();
}

/** All bytes that are kept, by name. */
export async function allMigratedSources(
  connection: Connection,
  listId: string,
): Promise<{ readonly name: string; readonly content: Buffer }[]> {
  const rows: { name: string; content: Buffer }[] = await connection('migrated_source')
    .where('list_id', listId)
    .orderBy(['name', 'position'])
    .select('name', 'content');
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, pieces]) => ({
    name,
    content: Buffer.concat(pieces.map(({ content }) => content)),
  }));
}

/** The bytes under a name; undefined where there are none. */
export async function findMigratedSource(
  connection: Connection,
  listId: string,
  name: string,
): Promise<Buffer | undefined> {
  const pieces = await connection('migrated_source')
    .where({ list_id: listId, name })
    .orderBy('position')
    .pluck<Buffer[]>('content');
  return pieces.length === 0 ? undefined : Buffer.concat(pieces);
}

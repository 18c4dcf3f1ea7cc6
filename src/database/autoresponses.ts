import type { Autoresponse, AutoresponseKind } from '../model/autoresponse.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { insertRows } from './rows.ts';

interface AutoresponseRow {
  readonly list_id: string;
  readonly kind: AutoresponseKind;
  readonly email: string;
  readonly quiet_until: UtcTime | null;
  readonly day: string | null;
  readonly count: number;
}

/** Who was answered automatically on a list, by kind and address. */
export async function autoresponsesOf(connection: Connection, listId: string): Promise<Autoresponse[]> {
  const rows = await connection<AutoresponseRow>('autoresponse')
    .where('list_id', listId)
    .orderBy(['kind', 'email']);
  return rows.map(fromRow);
}

/** When somebody was answered last in one way. */
export async function findAutoresponse(
  connection: Connection,
  listId: string,
  kind: AutoresponseKind,
  email: string,
): Promise<Autoresponse | undefined> {
  const row = await connection<AutoresponseRow>('autoresponse')
    .where({ list_id: listId, kind, email })
    .first();
  return row && fromRow(row);
}

/** Notes an automatic answer. */
export async function putAutoresponse(
  connection: Connection,
  listId: string,
  autoresponse: Autoresponse,
): Promise<void> {
  await connection('autoresponse')
    .insert(toRow(listId, autoresponse))
    .onConflict(['list_id', 'kind', 'email'])
    .merge();
}

/** Replaces all that is known of a list's automatic answers. */
export async function replaceAutoresponses(
  connection: Connection,
  listId: string,
  autoresponses: readonly Autoresponse[],
): Promise<void> {
  await connection('autoresponse').where('list_id', listId).delete();
  await insertRows(
    connection,
    'autoresponse',
    autoresponses.map((autoresponse) => toRow(listId, autoresponse)),
  );
}

function toRow(listId: string, autoresponse: Autoresponse) {
  return {
    list_id: listId,
    kind: autoresponse.kind,
    email: autoresponse.email,
    quiet_until: autoresponse.quietUntil,
    day: autoresponse.day,
    count: autoresponse.count,
  };
}

function fromRow(row: AutoresponseRow): Autoresponse {
  return { kind: row.kind, email: row.email, quietUntil: row.quiet_until, day: row.day, count: row.count };
}

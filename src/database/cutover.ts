import { isMailman2InCharge, STAGES, type Stage } from '../model/cutover.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';
import { type Flag, flag } from './rows.ts';

/** A list that came from a Mailman 2 that runs beside this server, and how far it has moved. */
export interface Cutover {
  readonly listId: string;
  readonly stage: Stage;
  /** When that stage began. */
  readonly since: UtcTime;
  /** Mailman 2's own name of the list, lower case. */
  readonly mailman2Name: string;
  /** The domain at which Postfix finds Mailman 2's aliases, such as `localhost`; '' for Postfix's own `myorigin`. */
  readonly mailman2Domain: string;
  /** Whether members are being handed over just now: posts wait here until that is done. */
  readonly isHandingOver: boolean;
  /** What following Mailman 2's files has to know. */
  readonly followed: Readonly<Record<string, unknown>>;
}

interface CutoverRow {
  readonly list_id: string;
  readonly stage: Stage;
  readonly since: UtcTime;
  readonly mailman2_name: string;
  readonly mailman2_domain: string;
  readonly handing_over: Flag;
  readonly followed: string;
}

/** All lists that are moving or have moved, by List-Id. */
export async function allCutovers(connection: Connection): Promise<Map<string, Cutover>> {
  const rows = await connection<CutoverRow>('cutover').orderBy('list_id');
  return new Map(rows.map((row) => [row.list_id, fromRow(row)]));
}

/** Undefined for a list that never had a Mailman 2 beside it. */
export async function findCutover(connection: Connection, listId: string): Promise<Cutover | undefined> {
  const row = await connection<CutoverRow>('cutover').where('list_id', listId).first();
  return row && fromRow(row);
}

/** Notes a list as one that Mailman 2 has in charge; one that is noted already keeps its stage. */
export async function insertCutover(
  connection: Connection,
  cutover: Omit<Cutover, 'stage' | 'isHandingOver' | 'followed'>,
): Promise<void> {
  await connection('cutover')
    .insert({
      list_id: cutover.listId,
      stage: 'legacy',
      since: cutover.since,
      mailman2_name: cutover.mailman2Name,
      mailman2_domain: cutover.mailman2Domain,
      handing_over: 0,
      followed: '{}',
    })
    .onConflict('list_id')
    .ignore();
}

/** @returns whether the list was in the stage `from`, and is in `to` now */
export async function moveStage(
  connection: Connection,
  listId: string,
  { from, to, now }: { readonly from: Stage; readonly to: Stage; readonly now: UtcTime },
): Promise<boolean> {
  const moved = await connection('cutover')
    .where({ list_id: listId, stage: from })
    .update({ stage: to, since: now });
  return moved > 0;
}

/** Begins or ends a hand-over. */
export async function setHandingOver(
  connection: Connection,
  listId: string,
  isHandingOver: boolean,
): Promise<void> {
  await connection('cutover')
    .where('list_id', listId)
    .update({ handing_over: flag(isHandingOver) });
}

/** Remembers what following Mailman 2's files has to know. */
export async function updateFollowed(
  connection: Connection,
  listId: string,
  followed: Cutover['followed'],
): Promise<void> {
  await connection('cutover')
    .where('list_id', listId)
    .update({ followed: JSON.stringify(followed) });
}

/** The lists of which Mailman 2 is in charge: nothing is done for their members on this server's own account. */
export async function listsOfMailman2(connection: Connection): Promise<Set<string>> {
  const rows = await connection<CutoverRow>('cutover')
    .whereIn('stage', STAGES.filter(isMailman2InCharge))
    .select('list_id');
  return new Set(rows.map(({ list_id }) => list_id));
}

function fromRow(row: CutoverRow): Cutover {
  return {
    listId: row.list_id,
    stage: row.stage,
    since: row.since,
    mailman2Name: row.mailman2_name,
    mailman2Domain: row.mailman2_domain,
    isHandingOver: row.handing_over === 1,
    followed: JSON.parse(row.followed) as Record<string, unknown>,
  };
}

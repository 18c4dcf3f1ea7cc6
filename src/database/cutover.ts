import { isMailman2InCharge, STAGES, type Stage } from '../model/cutover.ts';
import type { UtcTime } from '../model/time.ts';
import type { Connection } from './handle.ts';

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
  /** The last moments of that: nothing at all of what both sides got is worked on here. */
  readonly isFrozen: boolean;
  /** Who changes sides while that goes on. */
  readonly changing: SideChange | null;
  /** The process that takes a step with the list; null where none does. */
  readonly command: string | null;
  /** When an import last changed something; null where that was before it was noted. */
  readonly importedAt: UtcTime | null;
  /** What came of the last comparison with Mailman 2's files; null where there was none. */
  readonly verified: Verification | null;
  /** What following Mailman 2's files has to know. */
  readonly followed: Readonly<Record<string, unknown>>;
}

/** A comparison of what came over with what is there. */
export interface Verification {
  readonly at: UtcTime;
  /** So much was not the same. */
  readonly differences: number;
}

/** Members who go from one side to the other. */
export interface SideChange {
  readonly way: 'hand-over' | 'hand-back';
  /** Of their addresses. */
  readonly keys: readonly string[];
}

interface CutoverRow {
  readonly list_id: string;
  readonly stage: Stage;
  readonly since: UtcTime;
  readonly mailman2_name: string;
  readonly mailman2_domain: string;
  readonly handing_over: number;
  readonly changing: string | null;
  readonly command: string | null;
  readonly imported_at: UtcTime | null;
  readonly verified_at: UtcTime | null;
  readonly differences: number | null;
  readonly followed: string;
}

/** What `handing_over` says. */
const NOT = 0;
const HANDING_OVER = 1;
const FROZEN = 2;

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
  cutover: Pick<Cutover, 'listId' | 'since' | 'mailman2Name' | 'mailman2Domain'>,
): Promise<void> {
  await connection('cutover')
    .insert({
      list_id: cutover.listId,
      stage: 'legacy',
      since: cutover.since,
      mailman2_name: cutover.mailman2Name,
      mailman2_domain: cutover.mailman2Domain,
      handing_over: NOT,
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

/** Begins a hand-over: new posts wait from now on. */
export async function beginHandingOver(
  connection: Connection,
  listId: string,
  changing: SideChange,
): Promise<void> {
  await connection('cutover')
    .where('list_id', listId)
    .update({ handing_over: HANDING_OVER, changing: JSON.stringify(changing) });
}

/** In its last moments, those before them wait as well; or no longer. */
export async function freezeHandingOver(
  connection: Connection,
  listId: string,
  isFrozen: boolean,
): Promise<void> {
  await connection('cutover')
    .where('list_id', listId)
    .update({ handing_over: isFrozen ? FROZEN : HANDING_OVER });
}

/** Posts go on. */
export async function endHandingOver(connection: Connection, listId: string): Promise<void> {
  await connection('cutover').where('list_id', listId).update({ handing_over: NOT, changing: null });
}

/** Lets one process take a step with a list, or ends that. @returns false where another one was quicker */
export async function passCommand(
  connection: Connection,
  listId: string,
  { from, to }: { readonly from: string | null; readonly to: string | null },
): Promise<boolean> {
  const row = connection('cutover').where('list_id', listId);
  const passed = await (from === null ? row.whereNull('command') : row.where('command', from)).update({
    command: to,
  });
  return passed > 0;
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

/** An import has changed something of a list. */
export async function noteImport(connection: Connection, listId: string, now: UtcTime): Promise<void> {
  await connection('cutover').where('list_id', listId).update({ imported_at: now });
}

/** A list was compared with Mailman 2's files. */
export async function noteVerification(
  connection: Connection,
  listId: string,
  { at, differences }: Verification,
): Promise<void> {
  await connection('cutover').where('list_id', listId).update({ verified_at: at, differences });
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
    isHandingOver: row.handing_over !== NOT,
    isFrozen: row.handing_over === FROZEN,
    changing: row.changing === null ? null : (JSON.parse(row.changing) as SideChange),
    command: row.command,
    importedAt: row.imported_at,
    verified: row.verified_at === null ? null : { at: row.verified_at, differences: Number(row.differences) },
    followed: JSON.parse(row.followed) as Record<string, unknown>,
  };
}

import type { UtcTime } from '../model/time.ts';
import { newId } from '../model/uuid.ts';
import type { Connection } from './handle.ts';

/** One thing that was done to a list on its way from Mailman 2. */
export interface AuditEntry {
  readonly listId: string;
  readonly doneAt: UtcTime;
  /** Who did it: an account of the machine, or an e-mail address. */
  readonly who: string;
  /** Such as `observe`, `hand-over`, `rollback`. */
  readonly action: string;
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed';
  readonly details: Readonly<Record<string, unknown>>;
}

interface AuditRow {
  readonly list_id: string;
  readonly done_at: UtcTime;
  readonly who: string;
  readonly action: string;
  readonly outcome: AuditEntry['outcome'];
  readonly details: string;
}

/** Notes who did what to a list that moves. */
export async function insertAudit(connection: Connection, entry: AuditEntry): Promise<void> {
  await connection('cutover_audit').insert({
    audit_id: newId(),
    list_id: entry.listId,
    done_at: entry.doneAt,
    who: entry.who,
    action: entry.action,
    outcome: entry.outcome,
    details: JSON.stringify(entry.details),
  });
}

/** The trail of a list, oldest first. */
export async function auditOf(connection: Connection, listId: string): Promise<AuditEntry[]> {
  const rows = await connection<AuditRow>('cutover_audit')
    .where('list_id', listId)
    .orderBy(['done_at', 'audit_id']);
  return rows.map((row) => ({
    listId: row.list_id,
    doneAt: row.done_at,
    who: row.who,
    action: row.action,
    outcome: row.outcome,
    details: JSON.parse(row.details) as Record<string, unknown>,
  }));
}

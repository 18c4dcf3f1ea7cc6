import type { DeliveryMode } from '../model/enums.ts';
import type { LegacyMember } from '../model/member.ts';
import type { Connection } from './handle.ts';
import { effective, withPreferences } from './recipients.ts';
import { selectIn } from './rows.ts';

/** Who gets a digest, as addresses are written. */
export interface DigestRecipients {
  readonly mime: readonly string[];
  readonly plain: readonly string[];
}

interface RecipientRow {
  readonly email: string;
  readonly original_email: string;
  readonly mode: DeliveryMode;
}

interface FormerRow extends Omit<RecipientRow, 'mode'> {
  readonly legacy: string | null;
}

/** Mailman 2.1's option bit for digests in plain text. */
const PLAIN_OPTION = 8;

/**
 * Everybody who gets the next digest of a list: members with digests whose delivery is not switched off, and those who
 * gave digests up and still get the one that was begun.
 * @param former keys of members who gave digests up while Mailman 2.1 had the list
 */
export async function digestRecipients(
  connection: Connection,
  listId: string,
  former: readonly string[],
): Promise<DigestRecipients> {
  const members: RecipientRow[] = await enabledMembers(connection, listId)
    .whereRaw('? <> ?', [effective(connection, 'delivery_mode'), 'regular'])
    .orderBy('member.email')
    .select('member.email', 'member.original_email')
    .select(connection.raw('? AS mode', [effective(connection, 'delivery_mode')]));
  const leavers: RecipientRow[] = await enabledMembers(connection, listId)
    .join('last_digest', 'last_digest.member_id', 'member.member_id')
    .orderBy('member.email')
    .select('member.email', 'member.original_email', { mode: 'last_digest.delivery_mode' });
  const chosen = new Map<string, RecipientRow>();
  for (const row of [...members, ...leavers, ...(await formerRecipients(connection, listId, former))])
    if (!chosen.has(row.email)) chosen.set(row.email, row);
  const rows = [...chosen.values()];
  return {
    mime: rows.filter(({ mode }) => mode !== 'plaintext_digests').map((row) => row.original_email),
    plain: rows.filter(({ mode }) => mode === 'plaintext_digests').map((row) => row.original_email),
  };
}

/** The delivery modes that apply to these memberships, by member id; what no longer exists is missing. */
export async function effectiveDeliveryModes(
  connection: Connection,
  memberIds: readonly string[],
): Promise<Map<string, DeliveryMode>> {
  const rows = await selectIn(memberIds, async (batch) => {
    const found: { member_id: string; mode: DeliveryMode }[] = await withPreferences(connection)
      .whereIn('member.member_id', batch)
      .select('member.member_id', connection.raw('? AS mode', [effective(connection, 'delivery_mode')]));
    return found;
  });
  return new Map(rows.map((row) => [row.member_id, row.mode]));
}

/** Notes that a member gets one more digest. @param mode the kind of digest that it was */
export async function insertLastDigest(
  connection: Connection,
  memberId: string,
  mode: DeliveryMode,
): Promise<void> {
  await deleteLastDigest(connection, memberId);
  await connection('last_digest').insert({ member_id: memberId, delivery_mode: mode });
}

/** Forgets that a member was to get one more digest. */
export async function deleteLastDigest(connection: Connection, memberId: string): Promise<void> {
  await connection('last_digest').where('member_id', memberId).delete();
}

/** Forgets who of a list was to get one more digest. */
export async function deleteLastDigests(connection: Connection, listId: string): Promise<void> {
  await connection('last_digest')
    .whereIn('member_id', connection('member').where('list_id', listId).select('member_id'))
    .delete();
}

async function formerRecipients(
  connection: Connection,
  listId: string,
  keys: readonly string[],
): Promise<RecipientRow[]> {
  const rows = await selectIn(keys, async (batch) => {
    const found: FormerRow[] = await enabledMembers(connection, listId)
      .whereIn('member.email', batch)
      .select('member.email', 'member.original_email', 'member.legacy');
    return found;
  });
  return rows.map((row) => ({ ...row, mode: formerMode(row) }));
}

function formerMode({ legacy }: FormerRow): DeliveryMode {
  const options = legacy === null ? 0 : (JSON.parse(legacy) as LegacyMember).options;
  return (options & PLAIN_OPTION) === 0 ? 'mime_digests' : 'plaintext_digests';
}

function enabledMembers(connection: Connection, listId: string) {
  return withPreferences(connection)
    .where({ 'member.list_id': listId, 'member.role': 'member' })
    .whereRaw('? = ?', [effective(connection, 'delivery_status'), 'enabled']);
}

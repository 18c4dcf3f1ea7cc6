import { updateBounce } from '../database/bounced-members.ts';
import { deletePending, findPending, insertPending } from '../database/pending.ts';
import { personOf } from '../membership/announce.ts';
import type { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';
import { laterBy, SECONDS_PER_DAY } from '../model/time.ts';
import { newToken } from '../model/token.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { probe } from '../templates/notices/bounces.ts';
import { detectBounce } from './detect.ts';

const TOKEN_LIFE = 10 * SECONDS_PER_DAY;

/** Asks a member's mail server once more before delivery is switched off; counting begins anew. */
export async function sendProbe(
  step: Step,
  list: MailingList,
  member: Member,
  bounce: Message | undefined,
): Promise<void> {
  const { connection, clock } = step;
  const now = clock.now();
  const token = newToken();
  await insertPending(connection, {
    token,
    listId: list.listId,
    kind: 'probe',
    email: member.email,
    data: {},
    createdAt: now,
    expiresAt: laterBy(now, TOKEN_LIFE),
  });
  await updateBounce(connection, member.memberId, { bounce: { ...member.bounce, score: 0 } });
  const to = await personOf(connection, list, member);
  const shown = bounce && isOnesOwn(bounce) ? { bounce } : {};
  await sendNotice(step, probe(list, { to, token, ...shown }));
}

/** The member whose probe this token came with; it is of no further use. Undefined for a token that is unknown or too old. */
export async function takeProbeToken(
  { connection, clock }: Step,
  list: MailingList,
  token: string,
): Promise<string | undefined> {
  const pending = await findPending(connection, token, clock.now());
  if (pending?.kind !== 'probe' || pending.listId !== list.listId) return undefined;
  return (await deletePending(connection, token)) ? pending.email : undefined;
}

/** Reports about several recipients would show a member who the others are. */
function isOnesOwn(bounce: Message): boolean {
  const { permanent, temporary, delivered } = detectBounce(bounce);
  return permanent.length + temporary.length + delivered.length <= 1;
}

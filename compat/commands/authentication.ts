import type { CommandMail } from '../../src/flow/commands/command.ts';
import { verifiesMemberPassword } from '../../src/membership/member-password.ts';
import type { Member } from '../../src/model/member.ts';
import { verifiesListPassword } from '../../src/moderation/list-passwords.ts';
import type { Step } from '../../src/queue/step.ts';

const WRONG_PASSWORDS = 'wrong passwords';

/** One mail is no dictionary: after so many wrong passwords none counts any more. */
const MOST_WRONG_PASSWORDS = 2;

/** Whether the word in a mail is the password of a member (an unknown one has none). It is not repeated in any answer. */
export async function provesMember(
  mail: CommandMail,
  member: Member | undefined,
  password: string,
): Promise<boolean> {
  mail.keepSecret(password);
  return countingWrong(mail, async () => member !== undefined && verifiesMember(mail.step, member, password));
}

/** Whether the word is the password of a member, or that of the list's administrators, who may change options as well. */
export async function provesMemberOrAdmin(
  mail: CommandMail,
  member: Member,
  password: string,
): Promise<boolean> {
  mail.keepSecret(password);
  const { step, list } = mail;
  return countingWrong(
    mail,
    async () =>
      (await verifiesMember(step, member, password)) ||
      (await verifiesListPassword(step.connection, list, password, ['admin'])),
  );
}

/** Checks a password unless too many were wrong in this mail. */
export async function countingWrong(mail: CommandMail, check: () => Promise<boolean>): Promise<boolean> {
  const wrong = Number(mail.memory.get(WRONG_PASSWORDS) ?? 0);
  if (wrong >= MOST_WRONG_PASSWORDS) return false;
  const isRight = await check();
  if (!isRight) mail.memory.set(WRONG_PASSWORDS, wrong + 1);
  return isRight;
}

function verifiesMember(
  { connection, config, clock }: Step,
  member: Member,
  password: string,
): Promise<boolean> {
  return verifiesMemberPassword(connection, member, password, {
    oldOnes: config.legacy.passwords,
    now: clock.now(),
  });
}

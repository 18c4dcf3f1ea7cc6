import type { CommandMail, EmailCommand } from '../../src/flow/commands/command.ts';
import {
  answerMembers,
  isSelection,
  who as mailman3Who,
  refuseArguments,
} from '../../src/flow/commands/who.ts';
import type { Standing } from '../../src/membership/roster-visibility.ts';
import { verifiesListPassword } from '../../src/moderation/list-passwords.ts';
import { countingWrong, provesMember } from './authentication.ts';
import { memberMeant, splitWords } from './words.ts';

/** `who`: also as Mailman 2.1 took it, `[PASSWORD] [address=ADDRESS]`, with a password of the list or of a member. */
export const who: EmailCommand = {
  ...mailman3Who,
  usage: '[<password>] [delivery=enabled|disabled] [mode=digest|regular] [address=<address>]',
  details: [...(mailman3Who.details ?? []), 'help_who_old'],
  run: async (mail, words) => {
    const { positional, address } = splitWords(words);
    const [password, ...others] = positional.filter((word) => !isSelection(word));
    const wrong = [...others, ...(password === undefined && address !== undefined ? [address] : [])];
    if (wrong.length > 0) return refuseArguments(mail, wrong);
    if (password === undefined) return mailman3Who.run(mail, words);
    return answerMembers(mail, positional.filter(isSelection), await proven(mail, password, address));
  },
};

async function proven(mail: CommandMail, password: string, address: string | undefined): Promise<Standing> {
  mail.keepSecret(password);
  const isOurs = await countingWrong(mail, () =>
    verifiesListPassword(mail.step.connection, mail.list, password, ['admin', 'moderator']),
  );
  if (isOurs) return 'moderator';
  const member = await memberMeant(mail, address);
  return (await provesMember(mail, member, password)) ? 'member' : 'stranger';
}

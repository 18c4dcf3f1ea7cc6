import type { EmailCommand } from '../../src/flow/commands/command.ts';
import { askToLeave, leave as mailman3Leave } from '../../src/flow/commands/leave.ts';
import { provesMember } from './authentication.ts';
import { memberMeant, splitWords } from './words.ts';

/**
 * `leave`, `unsubscribe`, `remove`: also as Mailman 2.1 took it, `[PASSWORD] [address=ADDRESS]`. The password of the
 * membership takes the place of the confirmation by mail.
 */
export const leave: EmailCommand = {
  ...mailman3Leave,
  aliases: [...mailman3Leave.aliases, 'remove'],
  usage: '[<password>] [address=<address>]',
  details: ['help_leave_old'],
  run: async (mail, words) => {
    const { positional, address } = splitWords(words);
    const [password] = positional;
    if (password === undefined) return mailman3Leave.run(mail, words);
    mail.keepSecret(password);
    if (!mail.step.config.legacy.passwords) return mailman3Leave.run(mail, words);
    const member = await memberMeant(mail, address);
    if (member && (await provesMember(mail, member, password)))
      return askToLeave(mail, member.email, { provenByMember: true });
    // The same for members and others: nobody learns here who is on the list.
    mail.warn(mail.say('command_wrong_password'));
    mail.warn(mail.say('command_try_without_password'));
    return 'stop';
  },
};

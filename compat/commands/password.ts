import { findCutover } from '../../src/database/cutover.ts';
import type { EmailCommand } from '../../src/flow/commands/command.ts';
import { changeMemberPassword } from '../../src/membership/member-password.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { countingWrong } from './authentication.ts';
import { memberMeant, splitWords } from './words.ts';

/** `password OLD NEW [address=ADDRESS]` changes a password. Mailman 2.1 also mailed it in clear; here nobody knows it. */
export const password: EmailCommand = {
  name: 'password',
  aliases: [],
  usage: '[<oldpassword> <newpassword>] [address=<address>]',
  summary: 'help_password',
  details: ['help_password_more'],
  run: async (mail, words) => {
    const { step, list, say, answer, warn } = mail;
    const { positional, address } = splitWords(words);
    for (const word of positional) mail.keepSecret(word);
    const [old, wanted, ...others] = positional;
    if (old !== undefined && (wanted === undefined || others.length > 0)) {
      warn(say('command_usage'));
      warn(`password ${password.usage}`);
      return 'stop';
    }
    const member = await memberMeant(mail, address);
    if (!member && address === undefined) {
      warn(say('command_you_are_no_member', { display_name: list.settings.display_name }));
      return 'stop';
    }
    if (old === undefined || wanted === undefined) {
      warn(say('command_password_not_sent'));
      return 'stop';
    }
    const terms = { oldOnes: step.config.legacy.passwords, now: step.clock.now() };
    const isChanged = await countingWrong(
      mail,
      async () =>
        member !== undefined && changeMemberPassword(step.connection, member, { old, wanted, ...terms }),
    );
    if (isChanged) {
      answer(say('command_password_changed'));
      const cutover = await findCutover(step.connection, list.listId);
      if (cutover && isMailman2InCharge(cutover.stage)) answer(say('command_password_apart'));
      return 'go on';
    }
    warn(say('command_password_wrong'));
    return 'stop';
  },
};

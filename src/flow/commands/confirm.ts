import { deletePending, findPending, type Pending } from '../../database/pending.ts';
import { confirmToken } from '../../membership/workflow/confirm.ts';
import { RequestRefused } from '../../membership/workflow/refusal.ts';
import { addressKey } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { decideHeldPost } from '../../moderation/held-posts.ts';
import { verifiesListPassword } from '../../moderation/list-passwords.ts';
import type { CommandMail, EmailCommand } from './command.ts';

const TOKEN = /^[0-9a-f]{40}$/;

/** `confirm`: carries out what a token stands for. One token a mail; whatever follows is not read. */
export const confirm: EmailCommand = {
  name: 'confirm',
  aliases: [],
  usage: '<token>',
  summary: 'help_confirm',
  details: ['help_confirm_more'],
  run: async (mail, words) => {
    const { step, list, say, warn } = mail;
    const token = words[0]?.toLowerCase();
    if (token === undefined) {
      warn(say('command_no_token'));
      return 'stop';
    }
    const pending = TOKEN.test(token)
      ? await findPending(step.connection, token, step.clock.now())
      : undefined;
    if (pending?.listId !== list.listId) warn(say('command_token_mismatch'));
    else if (pending.kind === 'held_message') await decidePost(mail, pending);
    else await confirmRequest(mail, token);
    return 'stop';
  },
};

async function confirmRequest(mail: CommandMail, token: string): Promise<void> {
  const { step, list, say, answer, warn } = mail;
  try {
    const result = await confirmToken(step, list, token, 'via email confirmation');
    if (result.outcome === 'pending') warn(say('command_waits_for_moderator'));
    else if (result.outcome === 'address_changed') answer(say('command_address_changed'));
    else if (result.outcome === 'options_changed') warn(say('command_options_changed'));
    else if (result.outcome === 'delivery_enabled') answer(say('command_mail_again'));
    else if (isToldOtherwise(list, result.outcome)) answer(say('command_confirmed'));
    else warn(say('command_confirmed'));
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const email = addressKey(mail.sender.address);
    const listname = postingAddress(list);
    if (error.reason === 'already_member') warn(say('command_already_member', { email, listname }));
    else if (error.reason === 'banned') warn(say('command_banned', { email }));
    else if (error.reason === 'not_member') warn(say('command_not_member', { email, listname }));
    else warn(say('command_token_mismatch'));
  }
}

/** Where neither a welcome nor a goodbye is sent, the answer is all that tells whether it worked. */
function isToldOtherwise({ settings }: MailingList, outcome: 'subscribed' | 'unsubscribed'): boolean {
  return outcome === 'subscribed' ? settings.send_welcome_message : settings.send_goodbye_message;
}

/** A moderator's reply: with the right password the post is accepted, without any it is discarded (mail-flow.md 3.5). */
async function decidePost(mail: CommandMail, pending: Pending): Promise<void> {
  const { step, list, say, answer, warn, approvedPassword: password } = mail;
  mail.answerWithoutLimit();
  const isRight =
    password === undefined ||
    (await verifiesListPassword(step.connection, list, password, ['admin', 'moderator']));
  if (!isRight) {
    warn(say('command_bad_approved'));
    return;
  }
  if (!(await deletePending(step.connection, pending.token))) {
    warn(say('command_token_mismatch'));
    return;
  }
  const kind = password === undefined ? 'discard' : 'accept';
  const found = await decideHeldPost(step, list, Number(pending.data.request_id), { kind });
  if (!found) warn(say('command_token_mismatch'));
  else answer(say(kind === 'accept' ? 'command_post_accepted' : 'command_post_discarded'));
}

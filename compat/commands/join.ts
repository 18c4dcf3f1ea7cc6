import type { CommandMail, EmailCommand } from '../../src/flow/commands/command.ts';
import { askToJoin, join as mailman3Join } from '../../src/flow/commands/join.ts';
import type { DeliveryMode } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { splitWords } from './words.ts';

const DIGEST_WORDS = ['digest', 'nodigest'];

/**
 * `join`, `subscribe`: also as Mailman 2.1 took it, `[PASSWORD] [digest|nodigest] [address=ADDRESS]`. The password is
 * not stored: whoever confirms a membership that others asked for would get an account with their password.
 */
export const join: EmailCommand = {
  ...mailman3Join,
  usage: '[<password>] [digest|nodigest] [digest=no|mime|plain] [address=<address>]',
  details: [...(mailman3Join.details ?? []), 'help_join_old'],
  run: async (mail, words) => {
    const { positional, address } = splitWords(words);
    const old = positional.filter((word) => !/^\w+=/.test(word));
    if (old.length === 0) return mailman3Join.run(mail, words);
    const { say, warn, list, sender } = mail;
    const [first = '', second, third] = old;
    const isAlone = second === undefined && DIGEST_WORDS.includes(first.toLowerCase());
    const wish = isAlone ? first : second;
    if (!isAlone) mail.keepSecret(first);
    if (third !== undefined || positional.length > old.length) {
      warn(say('command_join_bad_argument', { argument: third ?? positional.join(' ') }));
      return 'stop';
    }
    if (wish !== undefined && !DIGEST_WORDS.includes(wish.toLowerCase())) {
      warn(say('command_digest_specifier', { argument: wish }));
      return 'stop';
    }
    const wantsDigest = wish === undefined ? undefined : wish.toLowerCase() === 'digest';
    if (!isOffered(mail, wantsDigest)) return 'stop';
    const mailbox = address === undefined ? sender : { address, displayName: '' };
    const next = await askToJoin(mail, mailbox, modeOf(list, wantsDigest));
    if (!isAlone) mail.answer(say('command_password_not_kept'));
    return next;
  },
};

/** Says so where a list has nothing but digests, or none. */
function isOffered({ list: { settings }, say, warn }: CommandMail, digest: boolean | undefined): boolean {
  if (digest === true && !settings.digests_enabled) {
    warn(say('command_no_digests'));
    return false;
  }
  if (digest === false && !settings.nondigestable) {
    warn(say('command_digests_only'));
    return false;
  }
  return true;
}

function modeOf({ settings }: MailingList, digest: boolean | undefined): DeliveryMode | undefined {
  if (digest === undefined) return undefined;
  if (!digest) return 'regular';
  return settings.mime_is_default_digest ? 'mime_digests' : 'plaintext_digests';
}

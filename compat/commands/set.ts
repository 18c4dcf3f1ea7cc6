import type { CommandMail, EmailCommand, HelpText } from '../../src/flow/commands/command.ts';
import {
  changeOptions,
  type OptionChange,
  requestOptionChange,
} from '../../src/membership/workflow/option-change.ts';
import { RequestRefused } from '../../src/membership/workflow/refusal.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import { wrapLines } from '../../src/templates/wrap.ts';
import { provesMemberOrAdmin } from './authentication.ts';
import { type Option, options } from './options.ts';
import { showOptions } from './show-options.ts';
import { memberMeant, splitWords } from './words.ts';

/** What the commands `set` of one mail know of each other. */
interface SetMemory {
  /** Whose password stood in the mail. */
  proven?: string;
  /** Whose changes wait for the end of the mail, to be confirmed together. */
  unproven?: { readonly member: Member; change: OptionChange; readonly shown: string[] };
}

const MEMORY = 'set';
const HELP_WIDTH = 66;

/**
 * `set`: the options of a membership. What follows `set authenticate PASSWORD` in a mail is done at once. Without it,
 * Mailman 2.1 refused; here the member confirms the changes by answering a mail, for hardly anybody has a password now.
 */
export const set: EmailCommand = {
  name: 'set',
  aliases: [],
  usage: 'help|show|authenticate|ack|digest|delivery|myposts|hide|duplicates|reminders …',
  summary: 'help_set',
  run: async (mail, [word = '', ...words]) => {
    const { say, warn } = mail;
    const name = word.toLowerCase();
    const option = options.find((one) => one.name === name);
    if (option) await change(mail, option, words);
    else if (name === 'help' || name === '') explain(mail);
    else if (name === 'show') await showOptions(mail, splitWords(words).address);
    else if (name === 'authenticate') await authenticate(mail, words);
    else {
      warn(say('command_bad_set', { argument: word }));
      explain(mail);
    }
    // Mailman 2.1 reads on, whatever happened.
    return 'go on';
  },
};

function memoryOf({ memory }: CommandMail): SetMemory {
  const known = memory.get(MEMORY) as SetMemory | undefined;
  if (known) return known;
  const made: SetMemory = {};
  memory.set(MEMORY, made);
  return made;
}

async function authenticate(mail: CommandMail, words: readonly string[]): Promise<void> {
  const { say, warn } = mail;
  const { positional, address } = splitWords(words);
  const [password, ...others] = positional;
  if (password === undefined || others.length > 0) {
    warn(say('command_usage'));
    warn('set authenticate <password> [address=<address>]');
    return;
  }
  mail.keepSecret(password);
  const member = await memberMeant(mail, address);
  if (member && (await provesMemberOrAdmin(mail, member, password))) memoryOf(mail).proven = member.email;
  else warn(say('command_bad_password'));
}

async function change(mail: CommandMail, option: Option, words: readonly string[]): Promise<void> {
  const { step, say, warn } = mail;
  const [value = ''] = words;
  const wanted = words.length === 1 ? option.values.get(value.toLowerCase()) : undefined;
  if (!wanted) {
    warn(say('command_bad_argument', { argument: words.join(' ') || option.name }));
    warn(`${say('command_usage')} set ${option.name} ${[...option.values.keys()].join('|')}`);
    return;
  }
  if (!isOffered(mail, wanted)) return;
  const memory = memoryOf(mail);
  const member = await memberMeant(mail, memory.proven);
  if (!member) {
    warn(say('command_you_are_no_member', { display_name: mail.list.settings.display_name }));
  } else if (memory.proven === member.email) {
    await changeOptions(step, mail.list, member, wanted);
    sayChanged(mail, option, wanted);
  } else noteUnproven(mail, memory, member, wanted, `set ${option.name} ${value.toLowerCase()}`);
}

/** What somebody may not choose is refused in words. */
function isOffered({ list: { settings }, say, warn }: CommandMail, { preferences }: OptionChange): boolean {
  const { delivery_mode } = preferences;
  if (!delivery_mode) return true;
  const isRegular = delivery_mode === 'regular';
  if (isRegular && !settings.nondigestable) warn(say('command_digests_only'));
  else if (!isRegular && !settings.digests_enabled) warn(say('command_no_digests'));
  else return true;
  return false;
}

function sayChanged({ say, answer }: CommandMail, option: Option, { preferences }: OptionChange): void {
  if (preferences.delivery_status === 'enabled') answer(say('command_delivery_enabled'));
  else if (preferences.delivery_status) answer(say('command_delivery_disabled'));
  else answer(say('command_option_set', { option: option.title }));
}

function noteUnproven(
  mail: CommandMail,
  memory: SetMemory,
  member: Member,
  wanted: OptionChange,
  shown: string,
): void {
  const waiting = memory.unproven;
  if (waiting) {
    waiting.change = {
      ...waiting.change,
      ...wanted,
      preferences: { ...waiting.change.preferences, ...wanted.preferences },
    };
    waiting.shown.push(shown);
    return;
  }
  const unproven = { member, change: wanted, shown: [shown] };
  memory.unproven = unproven;
  mail.afterwards(() => askToConfirm(mail, unproven));
}

async function askToConfirm(
  { step, list, say, warn }: CommandMail,
  { member, change: wanted, shown }: NonNullable<SetMemory['unproven']>,
): Promise<void> {
  const email = member.originalEmail;
  try {
    await requestOptionChange(step, list, member, wanted, shown);
    warn(say('command_options_confirmation_sent', { email, options: shown.join(', ') }));
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    warn(say('command_too_many_requests', { email, listname: postingAddress(list) }));
  }
}

/** The syntax, and what each form does. */
function explain({ say, warn }: CommandMail): void {
  const forms: readonly (readonly [usage: string, text: HelpText])[] = [
    ['set help', 'help_set_help'],
    ['set show [address=<address>]', 'help_set_show'],
    ['set authenticate <password> [address=<address>]', 'help_set_authenticate'],
    ['set ack on|off', 'help_set_ack'],
    ['set digest plain|mime|off', 'help_set_digest'],
    ['set delivery on|off', 'help_set_delivery'],
    ['set myposts on|off', 'help_set_myposts'],
    ['set hide on|off', 'help_set_hide'],
    ['set duplicates on|off', 'help_set_duplicates'],
    ['set reminders on|off', 'help_set_reminders'],
  ];
  for (const [usage, text] of forms) {
    warn(usage);
    for (const line of wrapLines(say(text), { width: HELP_WIDTH })) warn(`    ${line}`);
  }
}

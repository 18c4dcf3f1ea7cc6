import type { Config } from '../config/index.ts';
import { findList } from '../database/lists.ts';
import { languageChain, languageOrDefault, speak } from '../language/index.ts';
import { writeAnnouncement } from '../membership/announcements.ts';
import { decodeHeader } from '../message/encoded-words.ts';
import { Message } from '../message/message.ts';
import { isListAddress } from '../model/list-addresses.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { answerAllowance } from '../moderation/answer-allowance.ts';
import { mayBeAnswered } from '../moderation/may-be-answered.ts';
import type { MessageMetadata } from '../queue/queues.ts';
import type { Step } from '../queue/step.ts';
import { sendNotice } from '../templates/notice-sending.ts';
import { commandResults } from '../templates/notices/lists.ts';
import { approvedInReply, removeApprovedLine } from './approved.ts';
import { automaticReason } from './commands/automatic.ts';
import type { CommandLanguage, CommandMail } from './commands/command.ts';
import { mailman3Language } from './commands/index.ts';
import { commandLines } from './commands/lines.ts';
import { quotedMail, withoutSecrets } from './commands/quoted.ts';
import { runCommands } from './commands/run.ts';
import { NoSuchListError } from './errors.ts';
import { replybot } from './handlers/replybot.ts';
import { DiscardPost } from './post.ts';
import { senderLanguage } from './sender-language.ts';
import { sendersOf } from './senders.ts';

/** What is left to do with a mail whose sender is known. */
interface Incoming {
  readonly list: MailingList;
  readonly message: Message;
  readonly metadata: MessageMetadata;
}

/** Characters of a name that are kept of whoever writes. */
const LONGEST_NAME = 200;

const APPROVED_HEADERS = ['Approve', 'Approved', 'X-Approve', 'X-Approved'];

/**
 * The step of the queue `command`: carries out what a mail to -request, -join, -leave or -confirm asks for, and
 * answers it (mail-flow.md section 11). Mail of robots is discarded. The queue also holds announcements of members
 * who joined or left together.
 * @param commandLanguage what mail to -request may say
 * @throws NoSuchListError
 */
export async function commandStep(
  content: Uint8Array,
  metadata: MessageMetadata,
  step: Step,
  commandLanguage: CommandLanguage = mailman3Language,
): Promise<void> {
  const listId = metadata.listid ?? '';
  const list = await findList(step.connection, listId);
  // Nobody speaks for a list that was removed meanwhile.
  if (!list && metadata.announcement) return;
  if (!list) throw new NoSuchListError(`No such list: ${listId}`);
  const message = Message.parse(content);
  if (metadata.announcement) {
    await writeAnnouncement(step, list, message, metadata.announcement);
    return;
  }
  const senders = sendersOf(message, metadata, step.config.mailman.sender_headers);
  const lang = await senderLanguage(step.connection, list, senders);
  const incoming: Incoming = { list, message, metadata: { ...metadata, lang } };
  const [sender] = senders;
  const reason = sender ? refusalReason(incoming, sender.address) : 'The message has no valid senders';
  if (!sender || reason !== undefined || (await isAnsweredAutomatically(incoming, step))) {
    const id = message.headers.get('Message-ID') ?? 'n/a';
    step.log('vette', `DISCARD: ${id}; ${reason ?? 'Answered automatically'}`);
    return;
  }
  await carryOut(incoming, step, sender, commandLanguage);
}

function refusalReason({ list, message, metadata }: Incoming, sender: string): string | undefined {
  return isListAddress(list, sender) ? 'message of the list itself' : automaticReason(message, metadata);
}

/** The list's own automatic answer to commands, where it has one; it may be all that there is. */
async function isAnsweredAutomatically(incoming: Incoming, step: Step): Promise<boolean> {
  try {
    await replybot.process(incoming, step);
    return false;
  } catch (error) {
    if (error instanceof DiscardPost) return true;
    throw error;
  }
}

async function carryOut(
  { list, message, metadata }: Incoming,
  step: Step,
  sender: CommandMail['sender'],
  commandLanguage: CommandLanguage,
): Promise<void> {
  const { config } = step;
  const language = metadata.lang ?? list.settings.preferred_language;
  const results: string[] = [];
  const secrets = new Set<string>();
  const last: (() => Promise<void>)[] = [];
  let isLimited = true;
  const implied = impliedLines(metadata, config);
  let mustAnswer = implied === undefined;
  const password = approvedPassword(message);
  const mail: CommandMail = {
    step,
    list,
    message,
    metadata,
    sender: { ...sender, displayName: sender.displayName.slice(0, LONGEST_NAME).toWellFormed() },
    approvedPassword: password,
    say: await speak(languageChain(config, language, list.settings.preferred_language)),
    commands: commandLanguage.commands,
    memory: new Map(),
    afterwards: (work) => last.push(work),
    keepSecret: (word) => secrets.add(word),
    answer: (line) => results.push(line),
    answerWithoutLimit: () => {
      isLimited = false;
    },
    warn: (line) => {
      results.push(line);
      mustAnswer = true;
    },
  };
  const { charset } = languageOrDefault(config, list.settings.preferred_language);
  const written = commandLines(message, config.mailman.email_commands_max_lines, charset);
  const lines = implied ? { lines: implied, hasSubject: false } : written;
  if (written.isHtmlOnly && !lines.lines.some((line) => isCommand(line, commandLanguage)))
    results.push(mail.say('command_no_plain_text'));
  if (lines.lines.length === 0 && results.length === 0) {
    step.log('vette', `DISCARD: ${message.headers.get('Message-ID') ?? 'n/a'}; No commands`);
    return;
  }
  for (const word of (password ?? '').split(' ')) if (word !== '') secrets.add(word);
  const unprocessed = await runCommands(mail, lines, commandLanguage);
  for (const work of last) await work();
  if (!mustAnswer || !mayBeAnswered(message)) return;
  const to = { ...mail.sender, language };
  if (isLimited && !(await answerAllowance(step, list, to))) return;
  const text = (name: string): string =>
    withoutSecrets(decodeHeader(message.headers.get(name) ?? '', { fallbacks: [charset] }), secrets);
  const hide = (shown: readonly string[]): string[] => shown.map((line) => withoutSecrets(line, secrets));
  const original = {
    from: text('From'),
    subject: text('Subject'),
    date: text('Date'),
    messageId: text('Message-ID'),
  };
  await sendNotice(
    step,
    commandResults(list, {
      to,
      original,
      results,
      unprocessed: hide(unprocessed),
      ignored: implied ? [] : hide(written.ignored),
      ...(commandLanguage.quotes && !implied ? { quoted: quotedMail(original, hide(written.text)) } : {}),
    }),
  );
}

function isCommand(line: string, { commands }: CommandLanguage): boolean {
  return line
    .toLowerCase()
    .split(' ', 2)
    .some((word) => commands.has(word));
}

/** What an address stands for; undefined where Subject and body are to be read. */
function impliedLines(
  { subaddress, extension }: MessageMetadata,
  config: Config,
): readonly string[] | undefined {
  switch (subaddress) {
    case 'join':
    case 'leave':
      return [subaddress];
    case 'confirm':
      return extension ? [`confirm ${tokenIn(extension, config)}`] : undefined;
    default:
      return undefined;
  }
}

/** By `[mta] verp_confirm_regexp`, which reads what `verp_confirm_format` has written. */
function tokenIn(extension: string, { mta }: Config): string {
  const written = `confirm${mta.verp_delimiter}${extension}@localhost`;
  return mta.verp_confirm_regexp.exec(written)?.groups?.cookie ?? extension;
}

/**
 * Taken out of the message where it is the first line, so that no answer quotes it. Empty where a header or a line names no
 * password.
 */
function approvedPassword(message: Message): string | undefined {
  const inText = removeApprovedLine(message);
  const inHeaders = APPROVED_HEADERS.flatMap((name) => message.headers.get(name) ?? []);
  return inHeaders.find((value) => value !== '') ?? inText ?? inHeaders[0] ?? approvedInReply(message);
}

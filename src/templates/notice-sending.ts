import type { Config } from '../config/index.ts';
import { membersOfList } from '../database/members.ts';
import { languageChain, languageOrDefault, speak } from '../language/index.ts';
import { formatAddress } from '../message/addresses.ts';
import {
  composeMessage,
  type Fields,
  formatDate,
  messagePart,
  multipart,
  textPart,
} from '../message/compose.ts';
import { encodeHeader } from '../message/encoded-words.ts';
import type { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import type { Mailbox } from '../model/email-address.ts';
import { type MailingList, subAddress } from '../model/mailing-list.ts';
import { epochFromUtc, type UtcTime } from '../model/time.ts';
import type { Step } from '../queue/step.ts';
import type { TemplateStep } from './lookup.ts';
import type { InnerMessage, Notice, NoticeBody } from './notice.ts';
import type { Variables } from './placeholders.ts';
import { renderTemplate } from './render.ts';
import { listSender, siteOwner } from './senders.ts';
import { readerVariables } from './variables.ts';

/**
 * Writes a notice and puts it into the queue `virgin`, as part of the step (mail-flow.md section 7).
 */
export async function sendNotice(step: Step, notice: Notice): Promise<void> {
  const { list, audience } = notice;
  const { header, recipients } = await addressees(step, notice);
  const { message, envelopeSender } = await composeNotice(step, notice, header);
  await step.enqueue('virgin', message.toBuffer(), {
    listid: list.listId,
    recipients: [...recipients],
    virgin: true,
    nodecorate: true,
    reduced_list_headers: true,
    lang: languageOf(notice),
    ...(envelopeSender === undefined ? {} : { envsender: envelopeSender, verp: false }),
    ...(audience.kind === 'site-owner' ? { verp: false } : {}),
  });
}

/** The notice as a mail. @param to what its To says */
export async function composeNotice(
  step: TemplateStep,
  { list, content, ...notice }: Notice,
  to: Mailbox,
): Promise<{ readonly message: Message; readonly envelopeSender: string | undefined }> {
  const { config, clock } = step;
  const language = languageOf({ list, ...notice });
  const { charset, description } = languageOrDefault(config, language);
  const say = await speak(languageChain(config, language, list.settings.preferred_language));
  const now = clock.now();
  const write = (inner: InnerMessage) => writeMessage(inner, list, charset, now);
  const {
    from,
    subject,
    body,
    attachments = [],
    headers = [],
    bulk = true,
    envelopeSender,
  } = content({
    say,
    config,
    write,
  });
  // Texts of Mailman 2.1 may name their reader anywhere.
  const reader =
    notice.audience.kind === 'user' ? readerVariables({ ...to, languageDescription: description }) : {};
  const text = textPart(await bodyText(step, body, { list, language, reader }), charset);
  const part =
    attachments.length === 0
      ? text
      : multipart('mixed', [text, ...attachments.map((attachment) => messagePart(attachment))]);
  const fields: Fields = [
    ['Subject', encodeHeader(subject, charset)],
    ['From', formatAddress(from, charset)],
    ['To', formatAddress(to, charset)],
    ...headers,
    ['Message-ID', newMessageId(list.mailHost)],
    ['Date', formatDate(now, localOffset(now))],
    ...(bulk ? ([['Precedence', 'bulk']] as const) : []),
  ];
  return { message: composeMessage(fields, part), envelopeSender };
}

interface Addressees {
  /** What To says. */
  readonly header: Mailbox;
  /** Who gets it. */
  readonly recipients: readonly string[];
}

async function addressees(
  { config, connection }: Pick<Step, 'config' | 'connection'>,
  { list, audience }: Notice,
): Promise<Addressees> {
  switch (audience.kind) {
    case 'user':
      return { header: audience.to, recipients: [audience.to.address] };
    case 'owner-address':
      return { header: listSender(list, 'owner'), recipients: [subAddress(list, 'owner')] };
    case 'owners': {
      const administrators = await membersOfList(connection, list.listId, ['owner', 'moderator']);
      const recipients = new Map(administrators.map(({ email, originalEmail }) => [email, originalEmail]));
      return recipients.size === 0
        ? toSiteOwner(config)
        : { header: listSender(list, 'owner'), recipients: [...recipients.values()] };
    }
    case 'site-owner':
      return toSiteOwner(config);
  }
}

function toSiteOwner(config: Config): Addressees {
  return { header: siteOwner(config), recipients: [config.mailman.site_owner] };
}

/** The language of the reader: one person's own, for all others the list's. */
function languageOf({ list, audience }: Pick<Notice, 'list' | 'audience'>): string {
  const own = audience.kind === 'user' ? audience.language : undefined;
  return own ?? list.settings.preferred_language;
}

async function bodyText(
  step: TemplateStep,
  body: NoticeBody,
  { list, language, reader }: { list: MailingList; language: string; reader: Variables },
): Promise<string> {
  if ('text' in body) return body.text;
  const variables = { ...reader, ...body.variables };
  return renderTemplate(step, { name: body.template, variables, list, language });
}

function writeMessage(
  { from, subject, text }: InnerMessage,
  list: MailingList,
  charset: string,
  now: UtcTime,
): Message {
  const fields: Fields = [
    ['Subject', encodeHeader(subject, charset)],
    ['From', formatAddress(from, charset)],
    ['Message-ID', newMessageId(list.mailHost)],
    ['Date', formatDate(now, localOffset(now))],
  ];
  return composeMessage(fields, textPart(text, charset));
}

/** Minutes east of UTC at that moment, where the server is. */
export function localOffset(time: UtcTime): number {
  return -new Date(epochFromUtc(time) * 1000).getTimezoneOffset();
}

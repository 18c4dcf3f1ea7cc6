import type { Config } from '../config/index.ts';
import type { DigestIssue } from '../database/digest-messages.ts';
import { likelyCharsets, listCharset } from '../flow/list-charset.ts';
import { languageChain, type Say, speak } from '../language/index.ts';
import { formatAddress } from '../message/addresses.ts';
import { type Fields, formatDate } from '../message/compose.ts';
import { encodeHeader } from '../message/encoded-words.ts';
import type { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import { type MailingList, postingAddress, subAddress } from '../model/mailing-list.ts';
import type { UtcTime } from '../model/time.ts';
import type { Step } from '../queue/step.ts';
import type { TemplateName } from '../templates/names.ts';
import { localOffset } from '../templates/notice-sending.ts';
import type { Variables } from '../templates/placeholders.ts';
import { renderTemplate } from '../templates/render.ts';
import { frameVariables, mastheadVariables, oneLine } from '../templates/variables.ts';
import { tableOfContents } from './topics.ts';

/** What both forms of a digest are made of, in the language of the list. */
export interface Digest {
  readonly list: MailingList;
  readonly config: Config;
  readonly say: Say;
  /** In which the list writes. */
  readonly charset: string;
  /** Charsets in which posts may be that do not say so. */
  readonly likely: readonly string[];
  /** `Ant Digest, Vol 1, Issue 2` */
  readonly subject: string;
  readonly now: UtcTime;
  /** Texts without blank lines around them; '' where the list has none. */
  readonly masthead: string;
  readonly header: string;
  readonly footer: string;
  readonly topics: string;
  readonly posts: readonly Message[];
}

/** Gathers what a digest consists of. */
export async function prepareDigest(
  step: Step,
  list: MailingList,
  issue: DigestIssue,
  posts: readonly Message[],
): Promise<Digest> {
  const { config, clock } = step;
  const language = list.settings.preferred_language;
  const say = await speak(languageChain(config, language));
  const likely = likelyCharsets(config, list);
  const render = async (name: TemplateName, variables: Variables): Promise<string> =>
    trimBlankLines(await renderTemplate(step, { name, list, language, variables }));
  const frame = frameVariables(list);
  const { display_name } = list.settings;
  return {
    list,
    config,
    say,
    charset: listCharset(config, list),
    likely,
    subject: oneLine(say('digest_subject', { display_name, ...issue })),
    now: clock.now(),
    masthead: await render('list:member:digest:masthead', mastheadVariables(list)),
    header: await render('list:member:digest:header', frame),
    footer: await render('list:member:digest:footer', frame),
    topics: tableOfContents(posts, list, say, likely),
    posts,
  };
}

/** The header fields of a digest, in the order of Mailman 2.1. */
export function digestFields({ list, subject, charset, now }: Digest): Fields {
  const mailbox = (address: string): string => formatAddress({ address, displayName: '' });
  const posting = mailbox(postingAddress(list));
  return [
    ['From', mailbox(subAddress(list, 'request'))],
    ['Subject', encodeHeader(subject, charset)],
    ['To', posting],
    ['Reply-To', posting],
    ['Date', formatDate(now, localOffset(now))],
    ['Message-ID', newMessageId(list.mailHost)],
  ];
}

/** Without the empty lines before and behind a text; the first line keeps its indentation. */
export function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
}

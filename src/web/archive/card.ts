import type { ReadAttachment } from '../../archiving/read-message.ts';
import type { ArchivedMessage } from '../../archiving/store/types.ts';
import { type Html, html } from '../html.ts';
import { obscureText } from '../text/obscure.ts';
import { type RenderedText, renderText } from '../text/render.ts';
import { pathPart } from '../urls.ts';
import { type LoadedMessage, loadMessage } from './find-message.ts';
import type { ListVisit } from './list-visit.ts';
import { isPictureType } from './pictures.ts';
import { messageUrl } from './thread-list.ts';

/** Larger messages are not taken apart for a page that shows many, in octets. */
const MAX_PARSED = 4_000_000;
/** Pictures of more octets are only linked to. */
const MAX_PICTURE = 3_000_000;
const MAX_PICTURES = 6;
const MAX_ATTACHMENTS = 30;
/** Longer names of types tell nobody anything that the name of the file does not. */
const MAX_TYPE = 30;
/** More are only counted where a page has many messages with many of them. */
const MAX_SHORT = 2;

/** What a page shows of the inside of a message; undefined where that is too much for a page with others. */
export async function loadForPage(
  visit: ListVisit,
  message: ArchivedMessage,
): Promise<LoadedMessage | undefined> {
  return message.size > MAX_PARSED ? undefined : loadMessage(visit, message);
}

/** The text of a message in at most so many characters of markup. */
export function messageText(
  visit: ListVisit,
  message: ArchivedMessage,
  loaded: LoadedMessage | undefined,
  limit: number,
): RenderedText {
  const { say, isObscured } = visit;
  const permalink = messageUrl(message, visit);
  return renderText(loaded?.text ?? '', { say, isObscured, limit, permalink });
}

/** Text, pictures and attachments of a message, without its head. */
export function messageBody(
  { say }: ListVisit,
  {
    loaded,
    text,
    files,
    rest,
  }: {
    readonly loaded: LoadedMessage | undefined;
    readonly text: RenderedText;
    /** As `messageFiles` gives it. */
    readonly files: Html;
    /** Where all of it is, where something was left out. */
    readonly rest: string;
  },
): Html {
  const attachments = loaded?.read.attachments ?? [];
  const isCut = text.isCut || loaded === undefined;
  return html`<div class="text">
${text.markup.markup === '' && !isCut && attachments.length === 0 ? html`<p class="quiet">${say('message_empty')}</p>` : text.markup}
</div>
${isCut && html`<p class="rest">${say('message_cut')} <a href="${rest}" rel="nofollow">${say('message_rest')}</a></p>`}
${files}`;
}

/**
 * Pictures and attachments of a message.
 * @param isShort whether many of them are only counted
 */
export function messageFiles(
  visit: ListVisit,
  message: ArchivedMessage,
  loaded: LoadedMessage | undefined,
  isShort = false,
): Html {
  const attachments = loaded?.read.attachments ?? [];
  if (isShort && attachments.length > MAX_SHORT)
    return html`<p class="rest"><a href="${messageUrl(message, visit)}">${visit.say.count('attachments', attachments.length)}</a></p>`;
  return html`${pictures(visit, message, attachments)}${attachmentList(visit, message, attachments)}`;
}

/** The address of a part. */
function attachmentUrl(visit: ListVisit, message: ArchivedMessage, { part, name }: ReadAttachment): string {
  return messageUrl(message, visit, `attachment/${part}/${pathPart(name)}`);
}

function pictures(
  visit: ListVisit,
  message: ArchivedMessage,
  attachments: readonly ReadAttachment[],
): Html | false {
  const shown = attachments
    .filter(({ type, size }) => isPictureType(type) && size <= MAX_PICTURE)
    .slice(0, MAX_PICTURES);
  return (
    shown.length > 0 &&
    html`<div class="pictures">
${shown.map((one) => {
  const url = attachmentUrl(visit, message, one);
  return html`<a href="${url}"><img src="${url}" alt="${visit.say('message_picture', { name: hidden(one.name, visit) })}" loading="lazy"></a>\n`;
})}</div>
`
  );
}

function attachmentList(
  visit: ListVisit,
  message: ArchivedMessage,
  attachments: readonly ReadAttachment[],
): Html | false {
  const { say } = visit;
  return (
    attachments.length > 0 &&
    html`<ul class="attachments" aria-label="${say('message_attachments')}">
${attachments
  .slice(0, MAX_ATTACHMENTS)
  .map(
    (one) =>
      html`<li><a href="${attachmentUrl(visit, message, one)}" download rel="nofollow"><bdi>${hidden(one.name, visit)}</bdi></a> <span class="meta">${one.type.length <= MAX_TYPE && `${one.type}, `}${say.size(one.size)}</span></li>\n`,
  )}</ul>
`
  );
}

function hidden(text: string, { isObscured }: ListVisit): string {
  return isObscured ? obscureText(text) : text;
}

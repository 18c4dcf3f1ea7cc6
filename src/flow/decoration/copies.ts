import { randomBytes } from 'node:crypto';
import { recipientPeople } from '../../database/recipients.ts';
import { languageOrDefault } from '../../language/index.ts';
import { formatAddress } from '../../message/addresses.ts';
import { makeField } from '../../message/headers.ts';
import { Message } from '../../message/message.ts';
import { transferEncodingOf } from '../../message/transfer-encoding.ts';
import { addressKey } from '../../model/email-address.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Frame, MessageMetadata } from '../../queue/queues.ts';
import type { Step } from '../../queue/step.ts';
import type { Reader } from '../../templates/variables.ts';
import { listCharset } from '../list-charset.ts';
import { decorateMessage, hasLongLine } from './decorate-message.ts';
import { frameFiller } from './frame.ts';

/** A post that goes out one by one. */
export interface OutgoingPost {
  readonly list: MailingList;
  readonly message: Uint8Array;
  readonly metadata: MessageMetadata;
}

type CopyContext = Pick<Step, 'config' | 'connection'>;

/**
 * What each of these recipients gets: where posts are personalised, with header and footer filled for the reader and,
 * fully personalised, with the reader in To; with `X-Mailman-Copy: yes` for those whom the author addressed as well.
 * Costs two queries for each 5,000 recipients, and per recipient little more than putting pieces together.
 * @param recipients a part of those of the post, as their addresses are written
 * @returns the bytes for one of them
 */
export async function personalCopies(
  { config, connection }: CopyContext,
  { list, message, metadata }: OutgoingPost,
  recipients: readonly string[],
): Promise<(recipient: string) => Buffer> {
  const parsed = Message.parse(message);
  const duplicates = new Set(metadata.add_dup_header);
  const { frame } = metadata;
  if (!metadata.personalize || !frame) {
    const template = copyTemplate(parsed, undefined, '');
    const whole = parsed.toBuffer();
    return (recipient) =>
      duplicates.has(recipient)
        ? (template.make(undefined, { to: '', last: copyMark(parsed) }) ?? whole)
        : whole;
  }
  const people = await recipientPeople(connection, list.listId, recipients.map(addressKey));
  const charset = listCharset(config, list);
  const isFull = list.settings.personalize === 'full';
  const { lineEnd } = parsed.headers;
  const fill = frameFiller({ config, list, hash: parsed.headers.get('Message-ID-Hash') });
  if (isFull) parsed.headers.set('To', PLACE_OF_TO);
  const template = copyTemplate(parsed, frame, charset);
  return (recipient) => {
    const person = people.get(addressKey(recipient));
    const language = person?.language ?? list.settings.preferred_language;
    const reader: Reader = {
      address: recipient,
      displayName: person?.displayName ?? '',
      languageDescription: languageOrDefault(config, language).description,
    };
    const to = isFull ? makeField('To', formatAddress(reader, charset), lineEnd).raw : '';
    const fields = { to, last: duplicates.has(recipient) ? copyMark(parsed) : '' };
    const filled = fill(frame, reader);
    return template.make(filled, fields) ?? decorated(parsed, filled, charset, fields);
  };
}

function copyMark({ headers }: Message): string {
  return `X-Mailman-Copy: yes${headers.lineEnd}`;
}

/** The slow way, for texts that have to be encoded together with the post. */
function decorated(message: Message, frame: Frame, charset: string, fields: CopyFields): Buffer {
  const copy = message.clone();
  decorateMessage(copy, frame, charset);
  return copyTemplate(copy, undefined, charset).make(undefined, fields) ?? copy.toBuffer();
}

/** What stands in To where each reader's own address will. */
const PLACE_OF_TO = `${randomBytes(20).toString('hex')}:;`;

/** Header fields of one copy, raw, with their line ends. */
interface CopyFields {
  /** Takes the place of the original To. */
  readonly to: string;
  /** Behind the other headers. */
  readonly last: string;
}

interface CopyTemplate {
  /** A copy with this frame and these fields; undefined where the texts cannot be put in as they are. */
  make(frame: Frame | undefined, fields: CopyFields): Buffer | undefined;
}

/**
 * Decorates once, with marks in the place of header and footer, and finds the marks again: where they stand unencoded,
 * ASCII texts can take their places.
 */
function copyTemplate(message: Message, frame: Frame | undefined, charset: string): CopyTemplate {
  const marks = [newMark(frame?.header), newMark(frame?.footer)];
  const marked = message.clone();
  const [header = '', footer = ''] = marks.map((mark) => (mark === '' ? '' : `${mark}\n`));
  decorateMessage(marked, { header, footer }, charset);
  const headers = marked.headers.toBuffer();
  const { lineEnd } = marked.headers;
  const [beforeTo, afterTo] = cutAtTo(headers, lineEnd);
  const slots = cutAtMarks(marked.toBuffer().subarray(headers.length), marks, lineEnd);
  const isReadable = slots !== undefined && !isEncodedText(marked);
  return {
    make: (filled, { to, last }) => {
      const texts = [filled?.header ?? '', filled?.footer ?? ''].filter((_, index) => marks[index] !== '');
      if (texts.length > 0 && !(isReadable && texts.every(isPlainBlock))) return undefined;
      const pieces = (slots ?? []).flatMap((slot, index) => [slot, ...blockBytes(texts[index], lineEnd)]);
      return Buffer.concat([
        beforeTo,
        Buffer.from(to, 'latin1'),
        afterTo,
        Buffer.from(last, 'latin1'),
        ...pieces,
      ]);
    },
  };
}

/** A line that stands in no message; '' where there will be no text to put in its place. */
function newMark(text: string | undefined): string {
  return text === undefined || text.trim() === '' ? '' : randomBytes(20).toString('hex');
}

/** The headers before and behind the place of To. */
function cutAtTo(headers: Buffer, lineEnd: string): [Buffer, Buffer] {
  const field = `To: ${PLACE_OF_TO}${lineEnd}`;
  const at = headers.indexOf(field);
  return at < 0 ? [headers, Buffer.alloc(0)] : [headers.subarray(0, at), headers.subarray(at + field.length)];
}

/** What is before, between and behind the lines with the marks; undefined where one of them is not found. */
function cutAtMarks(bytes: Buffer, marks: readonly string[], lineEnd: string): Buffer[] | undefined {
  const slots: Buffer[] = [];
  let from = 0;
  for (const mark of marks.filter((each) => each !== '')) {
    const at = bytes.indexOf(mark + lineEnd, from);
    if (at < 0) return undefined;
    slots.push(bytes.subarray(from, at));
    from = at + mark.length + lineEnd.length;
  }
  return [...slots, bytes.subarray(from)];
}

/** In a multipart the marks stand in parts of their own, which need no encoding. */
function isEncodedText({ root, headers }: Message): boolean {
  return (
    root.contentType.type === 'text' &&
    transferEncodingOf(headers.get('Content-Transfer-Encoding')) !== 'identity'
  );
}

/** Whether a text is whole lines of ASCII, none too long for mail. */
function isPlainBlock(text: string): boolean {
  return text.trim() !== '' && /^[\n\x20-\x7e\t]*$/.test(text) && !hasLongLine(text);
}

function blockBytes(text: string | undefined, lineEnd: string): Buffer[] {
  if (text === undefined) return [];
  const lines = text.endsWith('\n') ? text : `${text}\n`;
  return [Buffer.from(lines.replaceAll('\n', lineEnd), 'latin1')];
}

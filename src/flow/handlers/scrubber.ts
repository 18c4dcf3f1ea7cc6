import { archiveLinks } from '../../archiving/links.ts';
import { decodeHeader } from '../../message/encoded-words.ts';
import { partFileName } from '../../message/file-name.ts';
import type { Part } from '../../message/part.ts';
import { partBytes, partText, setPartText } from '../../message/text.ts';
import { listCharset } from '../list-charset.ts';
import type { Handler } from '../post.ts';
import { isArchived } from './to-archive.ts';

/** Stands between the texts of a scrubbed message. */
const NEXT_PART = '-------------- next part --------------';

/**
 * Mailman 2.1's scrub_nondigest, which Mailman 3 stores without effect. The archive has the attachments, as part of the
 * message; so a post that is not archived keeps them.
 */
export const scrubber: Handler = {
  name: 'scrubber',
  description: 'Replaces attachments by notes that say where the archive has them.',
  process: async ({ list, message, metadata }, { config }) => {
    if (!list.settings.scrub_nondigest || !isArchived(list, message, metadata)) return;
    const { root, headers } = message;
    if (isPlainText(root)) return;
    const charset = listCharset(config, list);
    const [link] = archiveLinks(config, list, headers.get('Message-ID-Hash'));
    const pieces = leaves(root).map((part) =>
      isPlainText(part) && !isAttachment(part)
        ? partText(part, { fallbacks: [charset] })
        : note(part, link?.permalink),
    );
    headers.deleteWhere(({ name }) => /^content-/i.test(name));
    headers.append('Content-Type', 'text/plain');
    setPartText(root, pieces.map(withOneLineEnd).join(`${NEXT_PART}\n`), charset);
  },
};

/** Not by a pattern: it takes quadratic time where many line ends stand before something else. */
function withOneLineEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return `${text.slice(0, end)}\n`;
}

/** The parts that hold something: what is in a multipart, an attached message as a whole. */
function leaves(part: Part): Part[] {
  return part.contentType.type === 'multipart' && part.isMultipart ? part.children.flatMap(leaves) : [part];
}

function isPlainText({ contentType }: Part): boolean {
  return contentType.type === 'text' && contentType.subtype === 'plain';
}

function isAttachment({ headers }: Part): boolean {
  return /^attachment\b/i.test(headers.get('Content-Disposition') ?? '');
}

function note(part: Part, url: string | undefined): string {
  const { type, subtype } = part.contentType;
  const lines = [
    'A non-text attachment was scrubbed...',
    `Name: ${partFileName(part) ?? 'not available'}`,
    `Type: ${type}/${subtype}`,
    `Size: ${partBytes(part).length} bytes`,
    `Desc: ${description(part)}`,
  ];
  return [...lines, ...(url === undefined ? [] : [`URL: <${url}>`])].join('\n');
}

function description({ headers }: Part): string {
  const value = headers.get('Content-Description');
  return value === undefined || value === '' ? 'not available' : decodeHeader(value);
}

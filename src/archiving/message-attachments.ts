import { decodeHeader } from '../message/encoded-words.ts';
import { partFileName } from '../message/file-name.ts';
import type { Part } from '../message/part.ts';
import { partBytes } from '../message/text.ts';
import { transferEncodingOf } from '../message/transfer-encoding.ts';

/** Something that came with a message. */
export interface ReadAttachment {
  /** Its place among all parts of the message (`walk`), the message itself being 0. */
  readonly part: number;
  /** Safe as a file name: no path, no control characters. */
  readonly name: string;
  /** `image/png`, lower case; what its author says. */
  readonly type: string;
  /** Octets, decoded; nearly so where it is large. */
  readonly size: number;
  /** By which HTML refers to it, without brackets. */
  readonly contentId: string | undefined;
}

const MAX_NAME = 150;
/** Attachments above this are not decoded only to be measured. */
const MAX_DECODED = 1_000_000;

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/pgp-signature': 'asc',
  'application/zip': 'zip',
  'image/gif': 'gif',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/html': 'html',
  'text/plain': 'txt',
  'text/x-diff': 'diff',
  'text/x-patch': 'patch',
};

/** What a page shows of a part that is no text of the message. */
export function attachmentOf(part: Part, place: number): ReadAttachment {
  const { type, subtype } = part.contentType;
  const fullType = `${type}/${subtype}`.replace(/[^\x21-\x7e]/g, '').slice(0, 100);
  const id = part.headers.get('Content-ID')?.trim();
  return {
    part: place,
    name:
      safeName(partFileName(part) ?? subjectName(part)) ??
      `attachment-${place}.${EXTENSIONS[fullType] ?? 'bin'}`,
    type: fullType,
    size: decodedSize(part),
    contentId: id?.replace(/^<|>$/g, '').slice(0, 998),
  };
}

/** A message that is attached goes by its subject. */
function subjectName(part: Part): string | undefined {
  const subject = part.message?.headers.get('Subject');
  return subject === undefined ? undefined : `${decodeHeader(subject.slice(0, 1000)).slice(0, 100)}.eml`;
}

/** The name without folders and without what some system cannot have in a name; undefined where nothing is left. */
function safeName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const clean = name
    .slice(-1000)
    .toWellFormed()
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"|?*%]+/gu, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (clean.replaceAll('_', '') === '') return undefined;
  if (clean.length <= MAX_NAME) return clean;
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= 10 ? clean.slice(dot) : '';
  return clean.slice(0, MAX_NAME - extension.length).toWellFormed() + extension;
}

function decodedSize(part: Part): number {
  const { body } = part;
  if (body.length <= MAX_DECODED) return partBytes(part).length;
  if (transferEncodingOf(part.headers.get('Content-Transfer-Encoding')) !== 'base64') return body.length;
  const line = body.indexOf(0x0a) + 1;
  const lineEnds = line > 0 ? (body.length / line) * (body[line - 2] === 0x0d ? 2 : 1) : 0;
  return Math.floor(((body.length - lineEnds) * 3) / 4);
}

import { hostname } from 'node:os';
import { type Content, contentOf } from './content.ts';
import type { SeenMail } from './observation.ts';

export const mailKinds = ['post', 'digest', 'notice'] as const;

/** One copy of a mail in a form in which two servers can be compared. */
export interface ComparableMail {
  /** A post comes from outside; a digest quotes posts; a notice was written by the server. */
  readonly kind: (typeof mailKinds)[number];
  readonly sender: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Of a post or digest. */
  readonly content: Content | undefined;
  /** Of a notice: its parts, and what it quotes. */
  readonly quoted: string;
}

/**
 * Takes out of a mail what no two runs have in common: new Message-IDs and their hashes, dates, tokens, boundaries.
 * What stood in the original is compared as it is.
 */
export function comparable({ sender, message }: SeenMail, original: string): ComparableMail {
  const text = withoutNewBoundaries(withoutTokens(message), original);
  const end = text.indexOf('\r\n\r\n');
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)];
  const fields = headerFields(head);
  const hash = fields.find(({ name }) => name === 'Message-ID-Hash')?.value ?? archivedHash(fields);
  // A mail without Message-ID gets a new one, and its hash with it.
  const newHash = hash !== undefined && !/^Message-ID:/im.test(headOf(original)) ? hash : undefined;
  const value = (wanted: string) => fields.find(({ name }) => name === wanted)?.value ?? '';
  const isDigest =
    / Digest, Vol \d+, Issue \d+$/.test(value('Subject')) && value('From').includes('-request@');
  // A wrapped post has lost what was added when it came.
  const isPost = hash !== undefined || fields.some(({ name }) => name === 'List-Post');
  const kind = isDigest ? 'digest' : isPost ? 'post' : 'notice';
  return {
    kind,
    sender: withoutTokens(sender),
    headers: fields.map(({ name, value }) => {
      const known = newHash === undefined ? value : value.replaceAll(newHash, '(hash)');
      return { name, value: original.includes(value) ? value : withoutMoment(name, known) };
    }),
    content: kind === 'notice' ? undefined : contentOf(withoutNewIds(text, original)),
    quoted: kind === 'notice' ? structureOf(body, original) : '',
  };
}

function archivedHash(fields: readonly { name: string; value: string }[]): string | undefined {
  const link = fields.find(({ name }) => name === 'Archived-At')?.value;
  return link === undefined ? undefined : /[A-Z2-7]{32}/.exec(link)?.[0];
}

function headOf(message: string): string {
  const end = message.search(/\r\n\r\n/);
  return end < 0 ? message : message.slice(0, end);
}

/** Unfolded; where a line is folded is not compared. */
function headerFields(head: string): { name: string; value: string }[] {
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon);
      const value = line.slice(colon + 1).trim();
      return { name, value: /^Content-/i.test(name) ? mimeValue(value) : value };
    });
}

/** Quotes around parameters and the case of words mean nothing (RFC 2045 5.1). */
function mimeValue(value: string): string {
  return value.replaceAll('"', '').toLowerCase();
}

function withoutMoment(name: string, value: string): string {
  if (/^(?:Date|X-Mailman-Approved-At)$/i.test(name)) return '(date)';
  if (/^Message-ID$/i.test(name)) return '(new)';
  return value.replaceAll(hostname(), '(host)');
}

/** Of a mail that had none; a digest and a wrapper quote it. */
function withoutNewIds(text: string, original: string): string {
  return text.replace(/^((?:X-)?Message-ID(?:-Hash)?): (.*?)\r?$/gim, (line, name: string, id: string) =>
    original.includes(id) ? line : `${name}: (new)`,
  );
}

function withoutTokens(text: string): string {
  return text.replace(/\b[0-9a-f]{40}\b/g, '(token)');
}

function withoutNewBoundaries(message: string, original: string): string {
  let text = message;
  let number = 0;
  for (const [, quoted, bare] of message.matchAll(/boundary=(?:"([^"]+)"|([^\s;]+))/gi)) {
    const boundary = quoted ?? bare ?? '';
    if (boundary === '' || original.includes(boundary)) continue;
    number += 1;
    text = text.replaceAll(boundary, `(boundary ${number})`);
  }
  return text;
}

/** Its texts are worded differently; its parts, and what it quotes of the original, are not. */
function structureOf(body: string, original: string): string {
  const lines = body.split('\r\n').map((line) => line.trim());
  return lines
    .filter(
      (line) =>
        /^Content-Type:/i.test(line) ||
        (line.length > 3 && !/^MIME-Version:/i.test(line) && original.includes(line)),
    )
    .join('\r\n');
}

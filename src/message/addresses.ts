import { headerAddress, type Mailbox } from '../model/email-address.ts';
import { type DecodeOptions, decode } from './charset.ts';
import { decodeHeader, encodeChunks } from './encoded-words.ts';
import { trimBlanks } from './headers.ts';

/** Characters of one header value beyond this many are not read: room for some ten thousand addresses. */
const MAX_LENGTH = 500_000;

/**
 * The mailboxes of an address header such as To (RFC 5322 3.4, with the obsolete syntax of 4.4, and what people make
 * of it): groups are opened, comments stand in for missing names, encoded words are decoded after the commas were
 * counted, so that they cannot bring addresses in. What holds no address is left out; the addresses themselves are
 * not checked (see `isValidAddress`).
 * @param value one character per byte, unfolded, as `Headers` hands it out
 */
export function parseAddresses(value: string, options: DecodeOptions = {}): Mailbox[] {
  const mailboxes: Mailbox[] = [];
  let tokens: Token[] = [];
  let hasAngle = false;
  let hasAt = false;
  const finish = (): void => {
    for (const mailbox of readMailboxes(tokens, options)) mailboxes.push(mailbox);
    tokens = [];
    hasAngle = false;
    hasAt = false;
  };
  for (const token of tokenize(value.slice(0, MAX_LENGTH))) {
    // After a bracketed address, anything but a comment begins the next one: somebody forgot the comma.
    if (token.kind === 'separator' || (hasAngle && token.kind !== 'comment')) finish();
    if (token.kind === 'separator') continue;
    if (token.kind === 'colon') {
      // A colon ends the name of a group; behind an address it is a typing error for a comma.
      if (!hasAt) tokens = [];
      finish();
      continue;
    }
    tokens.push(token);
    hasAngle ||= token.kind === 'angle';
    hasAt ||= token.kind === 'at';
  }
  finish();
  return mailboxes;
}

/**
 * A mailbox as it stands in an address header: `name <address>`, the name quoted or encoded (RFC 2047) where needed,
 * the address alone without one. An international domain is written in ASCII, a local part in raw UTF-8 (RFC 6532).
 * @param charset for names that are not ASCII, if it has their characters; else UTF-8
 * @returns one character per byte, as `Headers` takes it
 */
export function formatAddress({ address, displayName }: Mailbox, charset = 'utf-8'): string {
  const safe = Buffer.from(headerAddress(withoutEnds(address.toWellFormed())), 'utf8').toString('latin1');
  const name = trimBlanks(displayName.replace(/[\p{Cc}\s]+/gu, ' '));
  if (name === '') return safe;
  if (!/^[\x20-\x7e]*$/.test(name) || name.includes('=?'))
    return `${encodeChunks([{ charset, text: name }])} <${safe}>`;
  const phrase = /[()<>[\]:;@\\,."]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
  return `${phrase} <${safe}>`;
}

const QUOTED_LOCAL_PART = /^"(?:[^"\\]|\\[\s\S])*"(?=@)/;
const ADDRESS_LITERAL = /@\[[0-9A-Za-z.:]*\]$/;

/** An address without what could end it in a header and let it bring in another one. */
function withoutEnds(address: string): string {
  const clean = address.replace(/[\p{Cc}\s<>,]/gu, '');
  if (!/[:;()"\\[\]]/.test(clean)) return clean;
  const local = QUOTED_LOCAL_PART.exec(clean)?.[0] ?? '';
  const literal = ADDRESS_LITERAL.exec(clean)?.[0] ?? '';
  const rest = clean.slice(local.length, clean.length - literal.length);
  return local + rest.replace(/[:;()"\\[\]]/g, '') + literal;
}

/** Several mailboxes for one header. */
export function formatAddresses(mailboxes: readonly Mailbox[], charset = 'utf-8'): string {
  return mailboxes.map((mailbox) => formatAddress(mailbox, charset)).join(', ');
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'comment' | 'angle' | 'dot' | 'at' | 'colon' | 'separator';
  /** Without quotes, brackets and escapes, one character per byte. */
  readonly text: string;
  /** Whether a blank stands before it. */
  readonly apart: boolean;
}

const SINGLE: ReadonlyMap<string, Token['kind']> = new Map([
  [',', 'separator'],
  [';', 'separator'],
  [':', 'colon'],
  ['.', 'dot'],
  ['@', 'at'],
]);

const ENCODED_WORD = /=\?[^?\s]{1,100}\?[bBqQ]\?[^?\s]*\?=/y;

/** Takes a value apart in one pass: what is opened and never closed lasts to the end. */
function tokenize(value: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let apart = false;
  while (at < value.length) {
    const character = value[at] ?? '';
    const single = SINGLE.get(character);
    let token: { readonly kind: Token['kind']; readonly text: string };
    let end = at + 1;
    if (isBlank(character) || character === '>' || character === ')') {
      apart = true;
      at += 1;
      continue;
    }
    if (single) token = { kind: single, text: character };
    else if (character === '"') {
      end = quotedEnd(value, at);
      token = { kind: 'quoted', text: dropEscapes(value.slice(at + 1, closedAt(value, end, '"'))) };
    } else if (character === '(') {
      end = commentEnd(value, at);
      token = { kind: 'comment', text: dropEscapes(value.slice(at + 1, closedAt(value, end, ')'))) };
    } else if (character === '<') {
      end = angleEnd(value, at);
      token = { kind: 'angle', text: value.slice(at + 1, closedAt(value, end, '>')) };
    } else {
      end = wordEnd(value, at, tokens.at(-1)?.kind === 'at');
      token = { kind: 'word', text: value.slice(at, end) };
    }
    tokens.push({ ...token, apart });
    apart = false;
    at = end;
  }
  return tokens;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n';
}

/** Where the text inside ends, if `end` is behind its closing character. */
function closedAt(value: string, end: number, closing: string): number {
  return value[end - 1] === closing ? end - 1 : end;
}

function quotedEnd(value: string, start: number): number {
  for (let at = start + 1; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '"') return at + 1;
  }
  return value.length;
}

function commentEnd(value: string, start: number): number {
  let depth = 0;
  for (let at = start; at < value.length; at += 1) {
    if (value[at] === '\\') at += 1;
    else if (value[at] === '(') depth += 1;
    else if (value[at] === ')') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return value.length;
}

/** An address in angle brackets ends at the bracket; where that is missing, before what begins another address. */
function angleEnd(value: string, start: number): number {
  const routed = value[start + 1] === '@';
  let at = start + 1;
  while (at < value.length) {
    const character = value[at];
    if (character === '>') return at + 1;
    if (character === '<' || (character === ',' && !routed)) return at;
    at = character === '"' ? quotedEnd(value, at) : at + 1;
  }
  return value.length;
}

/** A word may hold an encoded word with characters that do not belong there, raw ISO-2022, or an address literal. */
function wordEnd(value: string, start: number, isDomain: boolean): number {
  if (isDomain && value[start] === '[') {
    const closing = value.indexOf(']', start);
    if (closing >= 0) return closing + 1;
  }
  let at = start;
  while (at < value.length) {
    const character = value[at] ?? '';
    if (character === '=' && value[at + 1] === '?') {
      ENCODED_WORD.lastIndex = at;
      at += ENCODED_WORD.exec(value)?.[0].length ?? 1;
    } else if (character === '\x1b' && value[at + 1] === '$') {
      const back = value.indexOf('\x1b(', at);
      at = back < 0 ? value.length : back + 3;
    } else if (isBlank(character) || SINGLE.has(character) || '()<>"'.includes(character)) break;
    else at += 1;
  }
  return Math.min(at, value.length);
}

function dropEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}

/** The mailboxes between two separators: one, as a rule. */
function readMailboxes(tokens: readonly Token[], options: DecodeOptions): Mailbox[] {
  const comments = tokens.filter(({ kind }) => kind === 'comment').map(({ text }) => text);
  const rest = tokens.filter(({ kind }) => kind !== 'comment');
  const angle = rest.find(({ kind }) => kind === 'angle');
  const { addresses, words } = angle
    ? { addresses: [angleAddress(angle.text)], words: rest.filter((token) => token !== angle) }
    : bareAddresses(rest);
  const phrase = joinWords(words);
  const aside = trimBlanks(comments.join(' '));
  const name = phrase !== '' && aside !== '' && angle ? `${phrase} (${aside})` : phrase || aside;
  const displayName = addresses.length === 1 ? decodeHeader(name, options) : '';
  return addresses
    .filter((address) => address !== '')
    .map((address) => ({ address: eightBit(address), displayName: trimBlanks(displayName) }));
}

/** The address in angle brackets, without the route of the obsolete syntax and without comments and blanks. */
function angleAddress(text: string): string {
  const tokens = tokenize(text).filter(({ kind }) => kind !== 'comment');
  const route = tokens[0]?.kind === 'at' ? tokens.findIndex(({ kind }) => kind === 'colon') : -1;
  return joinAddress(tokens.slice(route + 1));
}

/** Addresses that stand without brackets, and the words beside them. */
function bareAddresses(tokens: readonly Token[]): { addresses: string[]; words: Token[] } {
  const addresses: string[] = [];
  const words: Token[] = [];
  let run: Token[] = [];
  const finish = (): void => {
    if (run.some(({ kind }) => kind === 'at')) addresses.push(joinAddress(run));
    else for (const token of run) words.push(token);
    run = [];
  };
  for (const token of tokens) {
    const last = run.at(-1)?.kind;
    const joins = last === 'dot' || last === 'at' || token.kind === 'dot' || token.kind === 'at';
    if (token.apart && !joins) finish();
    run.push(token);
  }
  finish();
  // A local user of this machine, as in mail that never left it.
  const isOneWord = words.every(({ kind, apart }, index) => kind !== 'quoted' && (index === 0 || !apart));
  const local = addresses.length === 0 && isOneWord;
  return local ? { addresses: [joinAddress(words)], words: [] } : { addresses, words };
}

/** An address of its tokens; '' where it has more than one @, which readers understand differently. */
function joinAddress(tokens: readonly Token[]): string {
  if (tokens.filter(({ kind }) => kind === 'at').length > 1) return '';
  let address = '';
  let glue = true;
  for (const { kind, text, apart } of tokens) {
    const joins = kind === 'dot' || kind === 'at';
    if (apart && !glue && !joins) address += ' ';
    address += kind === 'quoted' && !isDotAtom(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
    glue = joins;
  }
  return address;
}

/** RFC 5322 3.2.3: what needs no quotes as a local part. */
function isDotAtom(text: string): boolean {
  return /^[^\s\p{Cc}()<>[\]:;@\\,."]+$/u.test(text.replaceAll('.', '')) && !/^\.|\.\.|\.$/.test(text);
}

function joinWords(tokens: readonly Token[]): string {
  return tokens.map(({ text, apart }, index) => (apart && index > 0 ? ` ${text}` : text)).join('');
}

function eightBit(latin1: string): string {
  return /[\x80-\xff]/.test(latin1) ? decode(Buffer.from(latin1, 'latin1'), undefined) : latin1;
}

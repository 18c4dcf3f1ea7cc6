import { isValidAddress } from '../model/email-address.ts';

/** RFC 5321 4.5.3.1.1 allows 64 octets; reports show longer ones. */
const MAX_LOCAL_PART = 128;
const MAX_DOMAIN = 253;
/** Addresses of one line. */
const MAX_ADDRESSES = 100;

const LOCAL_CHARACTER = /[^\s\p{C}()<>@,:;\\"[\]]/u;
const DOMAIN_CHARACTER = /[\p{L}\p{N}\p{M}._-]/u;
/** What stands in front of an address in a list: brackets, quotes, bullets. */
const LEADING = /^[\s<"'*>•=-]{0,20}/;
const TRAILING = /[\s<>"'.,:;)]{0,20}$/;

/** Finds addresses in a line of a report. Each takes time in proportion to the line's length. */
export type Pick = (line: string) => string[];

/** All addresses in a line, wherever they stand. */
export function anyAddress(line: string): string[] {
  const found: string[] = [];
  let after = 0;
  for (let at = line.indexOf('@'); at >= 0 && found.length < MAX_ADDRESSES; at = line.indexOf('@', at + 1)) {
    let start = at;
    while (start > after && at - start < MAX_LOCAL_PART && LOCAL_CHARACTER.test(line[start - 1] ?? ''))
      start -= 1;
    let end = at + 1;
    while (end < line.length && end - at <= MAX_DOMAIN && DOMAIN_CHARACTER.test(line[end] ?? '')) end += 1;
    const local = line.slice(start, at).replace(/^(?:'|smtp=|mailto=)/i, '');
    const address = `${local}@${line.slice(at + 1, end).replace(/[._-]+$/, '')}`;
    if (isValidAddress(address)) found.push(address);
    after = end;
  }
  return found;
}

/** The address with which a line begins, behind a bracket, quote or bullet. */
export function leadingAddress(line: string): string[] {
  const rest = line.replace(LEADING, '');
  const [first] = anyAddress(rest);
  return first !== undefined && rest.startsWith(first) ? [first] : [];
}

/** The address that is all there is in a line, but for brackets, quotes and bullets. */
export function loneAddress(line: string): string[] {
  const rest = line.replace(LEADING, '').replace(TRAILING, '');
  const [first] = anyAddress(rest);
  return first === rest ? [first] : [];
}

/** Addresses in angle brackets: `<bart@example.com>`. */
export function bracketedAddresses(line: string): string[] {
  const found: string[] = [];
  for (let open = line.indexOf('<'); open >= 0; open = line.indexOf('<', open + 1)) {
    const close = line.indexOf('>', open);
    if (close < 0 || found.length >= MAX_ADDRESSES) break;
    const inside = cleanAddress(line.slice(open + 1, close));
    if (inside !== undefined) found.push(inside);
  }
  return found;
}

/** An address in angle brackets at the beginning of a line and a colon behind it: `<bart@example.com>:`. */
export function titleAddress(line: string): string[] {
  if (!line.startsWith('<')) return [];
  const close = line.indexOf('>');
  const expanded = line.slice(close + 1).trimStart();
  if (close < 0 || !(expanded.startsWith(':') || expanded.startsWith('('))) return [];
  // Postfix names the address that it was sent to behind that which it became.
  const own = expanded.startsWith('(')
    ? bracketedAddresses(line)
    : bracketedAddresses(line.slice(0, close + 1));
  return own;
}

const BEFORE_ADDRESS = new Set([...'<"\'', ...' \t\r\n']);
const BEHIND_ADDRESS = new Set([...'>"\'.', ...' \t\r\n']);

/** An address that fills a field, without brackets and quotes around it; undefined where it is none. */
export function cleanAddress(text: string): string | undefined {
  let [start, end] = [0, text.length];
  while (start < end && BEFORE_ADDRESS.has(text.charAt(start))) start += 1;
  while (end > start && BEHIND_ADDRESS.has(text.charAt(end - 1))) end -= 1;
  const clean = text.slice(start, end);
  return isValidAddress(clean) ? clean : undefined;
}

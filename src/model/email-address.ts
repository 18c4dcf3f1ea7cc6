import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321 4.5.3.1.3: a path is at most 256 octets with its angle brackets; UTF-8 addresses may take more octets. */
export const LONGEST_ADDRESS = 320;

const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'u');
const LOCAL_PART = /^[^\s\p{C}()<>@,:;\\"[\]]+$/u;

/** An e-mail address and the name that stood beside it ('' where there was none). */
export interface Mailbox {
  readonly address: string;
  readonly displayName: string;
}

/**
 * The form under which an address is stored and looked up: lower case, NFC, domain in Unicode (RFC 6531), so that
 * `Anne@Bücher.example` and `anne@xn--bcher-kva.example` are the same mailbox.
 */
export function addressKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return address.normalize('NFC').toLowerCase();
  return `${address.slice(0, at).normalize('NFC').toLowerCase()}@${domainKey(address.slice(at + 1))}`;
}

/** The form under which a domain is stored and looked up: lower case, in Unicode. */
export function domainKey(domain: string): string {
  const lower = domain.normalize('NFC').toLowerCase();
  if (/^[\x20-\x7f]*$/.test(lower) && !lower.includes('xn--')) return lower;
  return domainToUnicode(domainToASCII(lower)) || lower;
}

/** How mail servers may write a domain: as it is kept and, where that is international, in ASCII (RFC 5890). */
export function domainForms(domain: string): string[] {
  const ascii = domainToASCII(domain);
  return ascii === '' || ascii === domain ? [domain] : [domain, ascii];
}

/**
 * An address, or a domain alone, as headers carry it: an international domain in ASCII (RFC 5890), so that only a local
 * part that is international makes a header UTF-8 (RFC 6532).
 */
export function headerAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  // Not one that is ASCII: a number would become an address of the Internet.
  if (/^[\0-\x7f]*$/.test(domain)) return address;
  const ascii = domainToASCII(domain);
  // A wide comma becomes one that would end the address in a header.
  return /^[\w.+=~-]+$/.test(ascii) ? address.slice(0, at + 1) + ascii : address;
}

/**
 * Whether this is an address as people have them: `local@domain` without quoting, blanks or control characters. More than
 * Mailman takes: local part and domain may be international, and the domain a single label, as within a network.
 */
export function isValidAddress(address: string): boolean {
  const at = address.lastIndexOf('@');
  // The key may be longer: a letter can become two in lower case.
  if (at < 1 || address.length > LONGEST_ADDRESS || addressKey(address).length > LONGEST_ADDRESS)
    return false;
  return LOCAL_PART.test(address.slice(0, at)) && isValidDomain(address.slice(at + 1));
}

/** Whether this is a host name, international or not, without a final dot (RFC 5321 2.3.5). */
export function isValidDomain(domain: string): boolean {
  return domain.length <= 253 && DOMAIN.test(domain);
}

/**
 * Reads one address as people write it in a file of members: `a@x`, `Name <a@x>`, `"Last, First" <a@x>`, `a@x (Name)`.
 * The address itself is not checked (see `isValidAddress`). Undefined where there is no address.
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const line = text.trim();
  if (line.endsWith('>')) {
    const open = line.lastIndexOf('<');
    if (open < 0) return undefined;
    const address = line.slice(open + 1, -1).trim();
    return address === '' ? undefined : { address, displayName: unquote(line.slice(0, open).trim()) };
  }
  if (line.endsWith(')')) {
    const open = line.indexOf('(');
    const address = line.slice(0, Math.max(open, 0)).trim();
    return address === ''
      ? undefined
      : { address, displayName: dropEscapes(line.slice(open + 1, -1).trim()) };
  }
  return line === '' ? undefined : { address: line, displayName: '' };
}

/** `Display Name <address>` with the name quoted where RFC 5322 asks for it; the address alone without a name. */
export function formatMailbox({ address, displayName }: Mailbox): string {
  if (displayName === '') return address;
  const phrase = /[()<>[\]:;@\\,."]/.test(displayName)
    ? `"${displayName.replace(/["\\]/g, '\\$&')}"`
    : displayName;
  return `${phrase} <${address}>`;
}

function unquote(phrase: string): string {
  if (phrase.length < 2 || !phrase.startsWith('"') || !phrase.endsWith('"')) return phrase;
  return dropEscapes(phrase.slice(1, -1));
}

function dropEscapes(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

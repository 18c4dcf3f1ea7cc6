import { domainToASCII } from 'node:url';

/** RFC 5321 4.5.3.1.3, in octets, with room for UTF-8. */
const MAX_OCTETS = 512;

/** What nearly all addresses are. */
const PLAIN = /^[\w.+=-]+@[\w.-]+$/;

/**
 * The address as it goes into an SMTP command; undefined where it cannot: it would break the command or end the line.
 * A domain that is international is written in ASCII (RFC 5891), so that only international local parts need SMTPUTF8.
 */
export function envelopeAddress(address: string): string | undefined {
  if (address.length <= MAX_OCTETS && PLAIN.test(address)) return address;
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1 || Buffer.byteLength(address) > MAX_OCTETS) return undefined;
  const domain = address.slice(at + 1);
  if (isUnsafe(domain) || (isUnsafe(address.slice(0, at)) && !isQuotedWithBlanks(address.slice(0, at))))
    return undefined;
  if (!isInternational(domain)) return address;
  const ascii = domainToASCII(domain);
  return ascii === '' ? undefined : `${address.slice(0, at)}@${ascii}`;
}

function isUnsafe(text: string): boolean {
  return /[\s\p{C}<>]/u.test(text);
}

/** RFC 5321 4.1.2 Quoted-string, which may hold blanks: `"john smith"@example.com`. */
function isQuotedWithBlanks(localPart: string): boolean {
  return /^"(?:[ !#-;=?-[\]-~]|\\[ !-;=?-~])*"$/.test(localPart);
}

/** Whether an address needs SMTPUTF8 (RFC 6531). */
export function isInternational(address: string): boolean {
  return /[^\0-\x7f]/.test(address);
}

import { substitute } from '../config/substitute.ts';
import { envelopeAddress } from './envelope-address.ts';
import type { SharedVerp } from './outgoing.ts';

/**
 * The envelope sender that names one recipient (VERP), by `[mta] verp_format`: `ant-bounces+bart=example.net@example.com`.
 * @param sender the envelope sender without VERP
 * @returns the sender itself where there is nothing to name: the null sender, or no domain
 */
export function verpSender(sender: string, recipient: string, verpFormat: string): string {
  const from = splitAddress(sender);
  // A domain that stayed international would ask for SMTPUTF8, which the recipient's own address does not need.
  const to = splitAddress(envelopeAddress(recipient) ?? recipient);
  if (!from || !to) return sender;
  const values: Readonly<Record<string, string>> = {
    bounces: from.local,
    local: to.local,
    domain: to.domain,
  };
  return `${substitute(verpFormat, (name) => values[name])}@${from.domain}`;
}

/** What Postfix takes as delimiters where it is not told otherwise (`verp_delimiter_filter`). */
const DELIMITERS = /^\$1([-=+])\$2([-=+])\$3$/;

/** Recipients that a mail server writes as they were given: nothing quoted, routed, or international. */
const PLAIN = /^[\w.+=~-]+@[\w.-]+$/;

/**
 * How a mail server can be asked to make the senders of `verpSender` (XVERP): by the two delimiters between sender, local
 * part and domain.
 * @param copies those who get another message than the rest
 * @returns undefined where the format is no such thing, or the sender has nothing to put it into
 */
export function sharedVerp(
  sender: string,
  verpFormat: string,
  copies: readonly string[] = [],
): SharedVerp | undefined {
  const names: Readonly<Record<string, string>> = { bounces: '$1', local: '$2', domain: '$3' };
  const [, first, second] = DELIMITERS.exec(substitute(verpFormat, (name) => names[name])) ?? [];
  if (first === undefined || second === undefined || !PLAIN.test(sender)) return undefined;
  const others = new Set(copies);
  return {
    delimiters: first + second,
    isFit: (recipient) => PLAIN.test(envelopeAddress(recipient) ?? '') && !others.has(recipient),
  };
}

function splitAddress(address: string): { readonly local: string; readonly domain: string } | undefined {
  const at = address.lastIndexOf('@');
  return at < 1 ? undefined : { local: address.slice(0, at), domain: address.slice(at + 1) };
}

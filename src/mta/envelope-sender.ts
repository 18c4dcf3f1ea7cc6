import { substitute } from '../config/substitute.ts';
import { envelopeAddress } from './envelope-address.ts';

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

function splitAddress(address: string): { readonly local: string; readonly domain: string } | undefined {
  const at = address.lastIndexOf('@');
  return at < 1 ? undefined : { local: address.slice(0, at), domain: address.slice(at + 1) };
}

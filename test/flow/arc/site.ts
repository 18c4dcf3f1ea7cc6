import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import type { Config } from '../../../src/config/index.ts';
import type { DnsResolver } from '../../../src/queue/step.ts';
import { folder, load, write } from '../../config/helpers.ts';

export type KeyKind = 'rsa' | 'ed25519';

/** A name server that knows what it is told. */
export interface Zone extends DnsResolver {
  /** Names and their TXT records, or the code of the failure that asking for them ends with. */
  readonly records: Map<string, string | readonly string[] | { readonly code: string }>;
  readonly asked: string[];
}

export function zone(records: Readonly<Record<string, string | { readonly code: string }>> = {}): Zone {
  const known: Zone['records'] = new Map(Object.entries(records));
  const asked: string[] = [];
  return {
    records: known,
    asked,
    resolveTxt: async (name) => {
      asked.push(name);
      const found = known.get(name) ?? { code: 'ENOTFOUND' };
      if (typeof found === 'string') return [found.match(/.{1,255}/gs) ?? []];
      if ('code' in found) throw Object.assign(new Error(`${found.code} ${name}`), { code: found.code });
      return found.map((record) => [record]);
    },
  };
}

/** A key pair whose public half stands in the DNS under `selector._domainkey.domain`. */
export function publishKey(dns: Zone, selector: string, domain: string, kind: KeyKind = 'rsa'): KeyObject {
  const pair =
    kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  const der = pair.publicKey.export({ type: 'spki', format: 'der' });
  // RFC 8463 4: only the 32 octets of the key itself.
  const bytes = kind === 'rsa' ? der : der.subarray(-32);
  dns.records.set(`${selector}._domainkey.${domain}`, `v=DKIM1; k=${kind}; p=${bytes.toString('base64')}`);
  return pair.privateKey;
}

export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A configuration that seals as `domain`, whose key is published. @param settings further lines of [ARC] */
export function sealingConfig(dns: Zone, domain: string, settings = '', kind: KeyKind = 'rsa'): Config {
  const file = write(`${folder()}/key.pem`, pemOf(publishKey(dns, 'arc', domain, kind)));
  return load(
    `[ARC]\nenabled: yes\nauthserv_id: ${domain}\nselector: arc\ndomain: ${domain}\nprivkey: ${file}\n${settings}`,
  );
}

/** The mail as `domain` signs it (DKIM), CRLF. */
export async function signedMail(
  mail: string,
  dns: Zone,
  domain: string,
  kind: KeyKind = 'rsa',
): Promise<Buffer> {
  const bytes = Buffer.from(mail.replaceAll('\n', '\r\n'), 'latin1');
  const key = {
    signingDomain: domain,
    selector: 'mail',
    privateKey: pemOf(publishKey(dns, 'mail', domain, kind)),
  };
  const signTime = new Date(1_699_999_000_000);
  const { signatures } = await dkimSign(bytes, { ...key, signTime, signatureData: [key] });
  return Buffer.concat([Buffer.from(signatures), bytes]);
}

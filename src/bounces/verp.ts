import type { Config } from '../config/index.ts';
import { parseAddresses } from '../message/addresses.ts';
import type { Message } from '../message/message.ts';
import { addressKey, domainKey, isValidAddress } from '../model/email-address.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { MessageMetadata } from '../queue/queues.ts';

/** Where the recipient of a bounce may be written, beside the envelope. */
const HEADERS = ['To', 'Delivered-To', 'Envelope-To', 'Apparently-To'] as const;
const MAX_ADDRESS = 1000;
/** Values of one header that are looked at. */
const MAX_VALUES = 10;

/** Stands for the list's -bounces address in front of the delimiter: the name of a list may hold the delimiter itself. */
const BOUNCES = 'bounces';

/** What an address of the list's -bounces tells by itself. */
export interface BounceAddress {
  /** The key of the recipient that the bounced mail was for. */
  readonly verp?: string;
  /** 40 hex digits. */
  readonly probeToken?: string;
}

/**
 * Reads `ant-bounces+bart=example.net@example.com` and `ant-bounces+TOKEN@example.com`, by `[mta] verp_regexp` and
 * `verp_probe_regexp`. The envelope recipient comes first; headers, which Mailman relies on alone, may be anybody's.
 */
export function readBounceAddress(
  config: Config,
  list: MailingList,
  message: Message,
  metadata: Pick<MessageMetadata, 'extension'>,
): BounceAddress {
  const candidates = [
    ...(metadata.extension === undefined
      ? []
      : [`${BOUNCES}${config.mta.verp_delimiter}${metadata.extension}@${list.mailHost}`]),
    ...HEADERS.flatMap((name) => message.headers.getAll(name).slice(0, MAX_VALUES))
      .flatMap((value) => parseAddresses(value).slice(0, 1))
      .map(({ address }) => withoutListName(list, address))
      .filter((address) => address !== undefined),
  ].filter((address) => address.length <= MAX_ADDRESS);
  for (const address of candidates) {
    const verp = readVerp(config, address);
    if (verp !== undefined) return { verp };
  }
  for (const address of candidates) {
    const probeToken = readProbe(config, address);
    if (probeToken !== undefined) return { probeToken };
  }
  return {};
}

/** The token in the envelope sender of a probe of this list; undefined for any other address. */
export function probeTokenIn(config: Config, list: MailingList, address: string): string | undefined {
  const rest = address.length <= MAX_ADDRESS ? withoutListName(list, address) : undefined;
  return rest === undefined ? undefined : readProbe(config, rest);
}

/** The address with a short word for the list's own -bounces; undefined where it is no such address. */
function withoutListName(list: MailingList, address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const own = `${list.listName}-bounces`;
  if (at < 0 || domainKey(address.slice(at + 1)) !== domainKey(list.mailHost)) return undefined;
  if (address.slice(0, own.length).toLowerCase() !== own) return undefined;
  return `${BOUNCES}${address.slice(own.length)}`;
}

function readVerp(config: Config, address: string): string | undefined {
  const { bounces, local, domain } = config.mta.verp_regexp.exec(address)?.groups ?? {};
  if (bounces !== BOUNCES || local === undefined || domain === undefined) return undefined;
  // The default expression ends the local part at the first `=`; no domain holds one.
  const [host = '', ...before] = domain.split('=').reverse();
  const recipient = `${[local, ...before.reverse()].join('=')}@${host}`;
  return isValidAddress(recipient) ? addressKey(recipient) : undefined;
}

function readProbe(config: Config, address: string): string | undefined {
  const { bounces, token } = config.mta.verp_probe_regexp.exec(address)?.groups ?? {};
  return bounces === BOUNCES && token !== undefined && /^[0-9a-f]{40}$/i.test(token)
    ? token.toLowerCase()
    : undefined;
}

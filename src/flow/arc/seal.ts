import { createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Config } from '../../config/index.ts';
import { splitHeaders } from '../../message/header-section.ts';
import { type HeaderField, makeField } from '../../message/headers.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { epochFromUtc } from '../../model/time.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Services } from '../../queue/step.ts';
import { formatAuthenticationResults } from './authentication-results.ts';
import { relaxedBodyHash, relaxedField } from './canonical.ts';
import { arcIdentity } from './identity.ts';
import { sealingKey } from './key.ts';
import { type ArcSet, arcSets, MAX_INSTANCE } from './sets.ts';

type SealContext = Pick<Services, 'config' | 'clock' | 'log'>;

interface Seal {
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
  readonly instance: number;
  readonly cv: 'none' | 'pass' | 'fail';
  /** Seconds since 1970. */
  readonly time: number;
  /** The sets that the new seal covers. */
  readonly earlier: readonly (ArcSet | undefined)[];
  /** The value of the new ARC-Authentication-Results, without its instance. */
  readonly results: string;
  /** Names of the fields that are signed. */
  readonly signed: readonly string[];
}

/** In the thread pool: an RSA signature takes a fifth of a millisecond and more, for each personal copy. */
const signOutside = promisify(sign);

/** RFC 8617 4.1.2: a message signature does not cover these. */
const NEVER_SIGNED = /^(?:arc-.*|authentication-results)$/;

/** Characters of base64 in a line. */
const BASE64_LINE = 70;

/**
 * The ARC set (RFC 8617) for a message as it goes out, after all changes; one that cannot be sealed goes out without. Its
 * verdict on the chain so far is the one that validate-authenticity reached when the message came.
 * @param message headers and body, the lines ending with CRLF
 * @returns the fields to put in front, newest first; none where the message is not to be sealed
 */
export async function arcSetFor(
  context: SealContext,
  list: MailingList,
  { authentication }: MessageMetadata,
  message: Buffer,
): Promise<readonly HeaderField[]> {
  const { config, log } = context;
  if (!config.ARC.enabled || !authentication) return [];
  const { headers, body } = splitHeaders(message);
  try {
    const seal = planSeal(context, list, authentication, headers);
    return seal ? await makeSet(seal, headers, body) : [];
  } catch (error) {
    log('error', `${list.listId}: a message goes out without ARC seal: ${(error as Error).message}`);
    return [];
  }
}

function planSeal(
  { config, clock }: SealContext,
  { mailHost, settings }: MailingList,
  { chain, results }: NonNullable<MessageMetadata['authentication']>,
  headers: readonly HeaderField[],
): Seal | undefined {
  const { sets, highest, isClosed } = arcSets(headers);
  // Of what came sealed only that may be sealed again which was checked, and not what somebody closed (RFC 8617 5.1).
  if (highest > 0 && (isClosed || highest >= MAX_INSTANCE || chain === 'none' || chain === 'unknown'))
    return undefined;
  const signed = signedNames(config);
  if (!headers.some(({ name }) => name.toLowerCase() === 'from')) return undefined;
  const { server, domain, selector, keyFile } = arcIdentity(config, mailHost);
  const cv = highest === 0 ? 'none' : chain === 'pass' ? 'pass' : 'fail';
  return {
    domain,
    selector,
    key: sealingKey(keyFile),
    instance: highest + 1,
    cv,
    time: Math.floor(epochFromUtc(clock.now())),
    // The seal of a broken chain covers nothing but its own set (RFC 8617 5.1.2).
    earlier: cv === 'pass' ? sets : [],
    // The results would name the author.
    results: formatAuthenticationResults(server, settings.anonymous_list ? [] : results),
    signed,
  };
}

function signedNames({ ARC }: Config): string[] {
  return [...new Set(ARC.sig_headers.map((name) => name.toLowerCase()))].filter(
    (name) => !NEVER_SIGNED.test(name),
  );
}

async function makeSet(seal: Seal, headers: readonly HeaderField[], body: Buffer): Promise<HeaderField[]> {
  const { domain, selector, instance, cv, time, earlier } = seal;
  const algorithm = `${seal.key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa'}-sha256`;
  const common = `i=${instance}; a=${algorithm}; d=${domain}; s=${selector}; t=${time}`;
  const signed = fieldsToSign(headers, seal.signed);
  const names = signed.map(({ name }) => name).join(': ');
  const results = makeField('ARC-Authentication-Results', `i=${instance}; ${seal.results}`);
  const signature = await signedField(
    'ARC-Message-Signature',
    `${common}; c=relaxed/relaxed; h=${names}; bh=${relaxedBodyHash(body)}`,
    signed,
    seal.key,
  );
  const covered = [
    ...earlier.flatMap((set) => [set?.results, set?.signature, set?.seal]),
    results,
    signature,
  ];
  const arcSeal = await signedField(
    'ARC-Seal',
    `${common}; cv=${cv}`,
    covered.filter((field) => field !== undefined),
    seal.key,
  );
  return [arcSeal, signature, results];
}

/**
 * The fields in the order of the configuration. Of several with the same name all are signed, the last one first, as a
 * verifier takes them (RFC 6376 5.4.2).
 */
function fieldsToSign(headers: readonly HeaderField[], names: readonly string[]): HeaderField[] {
  const byName = new Map<string, HeaderField[]>(names.map((name) => [name, []]));
  for (const field of headers) byName.get(field.name.toLowerCase())?.unshift(field);
  return [...byName.values()].flat();
}

/** A field whose tag `b` signs other fields and itself (RFC 6376 3.7). */
async function signedField(
  name: string,
  tags: string,
  covered: readonly HeaderField[],
  key: KeyObject,
): Promise<HeaderField> {
  const unsigned = relaxedField(makeField(name, `${tags}; b=`));
  const text = [...covered.map((field) => `${relaxedField(field)}\r\n`), unsigned].join('');
  const bytes = Buffer.from(text, 'latin1');
  // RFC 8463 3: Ed25519 signs the hash.
  const signature =
    key.asymmetricKeyType === 'ed25519'
      ? await signOutside(null, createHash('sha256').update(bytes).digest(), key)
      : await signOutside('sha256', bytes, key);
  const lines = signature.toString('base64').match(new RegExp(`.{1,${BASE64_LINE}}`, 'g')) ?? [];
  return makeField(name, `${tags}; b=${lines.join(' ')}`);
}

import type { ARCData } from 'mailauth';
import { arc, verifyASChain } from 'mailauth/lib/arc/index.js';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js';
import type { Config } from '../../config/index.ts';
import { splitHeaders } from '../../message/header-section.ts';
import type { Message } from '../../message/message.ts';
import type { UtcTime } from '../../model/time.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { DnsResolver } from '../../queue/step.ts';
import { formatResult, type MethodResult } from './authentication-results.ts';
import { type Questions, questionsTo } from './questions.ts';
import { type TrustedResults, trustedResults } from './trusted-results.ts';

/** What is known about where a message comes from. */
export type Authentication = NonNullable<MessageMetadata['authentication']>;

export interface AuthenticationOptions {
  readonly ARC: Config['ARC'];
  /** Our authserv-id. */
  readonly server: string;
  readonly resolver: DnsResolver;
  readonly now: UtcTime;
}

type Verified = Awaited<ReturnType<typeof dkimVerify>>;

/** Signatures that are checked; each costs a question to a name server and perhaps a pass over the body. */
const MAX_SIGNATURES = 10;
const MAX_SIGNATURE_LENGTH = 16_384;

/** A message with more headers is not worth the work of checking it. */
const MAX_FIELDS = 1000;
const MAX_HEADER_LENGTH = 524_288;

/**
 * Checks DKIM, ARC and DMARC of a message as it came, in this order, as far as a trusted server has not done so; SPF only
 * that server can know. A name server that does not answer gives `temperror`, and a chain of which nothing is known.
 */
export async function authenticate(
  message: Message,
  options: AuthenticationOptions,
): Promise<Authentication> {
  const { ARC, server, resolver, now } = options;
  const trusted = trustedResults(message.headers, ARC, server);
  const known = new Set(trusted.results.map(({ method }) => method));
  const results = trusted.results.filter(({ method }) => method !== 'arc').map(({ text }) => text);
  const bytes = checkable(message.toBuffer());
  if (!bytes) {
    const isSealed = message.headers.fields.some(({ name }) => /^arc-/i.test(name));
    if (!known.has('dkim') && ARC.dkim)
      results.push(formatResult('dkim', 'permerror', { comment: 'unreadable headers' }));
    return { results, chain: isSealed ? 'unknown' : 'none' };
  }
  const questions = questionsTo(resolver);
  const checked = await dkimVerify(bytes, {
    resolver: questions.ask,
    rejectRsaSha1: true,
    curTime: new Date(now),
  });
  const own = known.has('dkim') || !ARC.dkim ? [] : checked.results;
  results.push(...own.map(dkimResult));
  const { chain, text } = await checkChain(checked, questions, trusted);
  results.push(text);
  const isJudgeable = own.length > 0 || known.has('dkim') || known.has('spf');
  if (ARC.dmarc && !known.has('dmarc') && isJudgeable) {
    results.push(await checkDmarc(checked, own, trusted.results, questions));
  }
  return { results, chain };
}

/** The message without signatures that are too many or too long; undefined where readers do not agree what is a header. */
function checkable(bytes: Buffer): Buffer | undefined {
  const { headers, separator, body } = splitHeaders(bytes);
  const length = bytes.length - body.length;
  if (headers.length > MAX_FIELDS || length > MAX_HEADER_LENGTH) return undefined;
  if (headers.some(({ name }) => name === '') || (separator === '' && body.length > 0)) return undefined;
  let signatures = 0;
  const kept = headers.filter(({ name, raw }) => {
    if (!/^dkim-signature$/i.test(name)) return true;
    signatures += 1;
    return signatures <= MAX_SIGNATURES && raw.length <= MAX_SIGNATURE_LENGTH;
  });
  if (kept.length === headers.length) return bytes;
  const top = Buffer.from(kept.map(({ raw }) => raw).join(''), 'latin1');
  return Buffer.concat([top, Buffer.from(separator), body]);
}

function dkimResult({
  status,
  signingDomain,
  selector,
  algo,
  signature,
  bodyHash,
  bodyHashExpecting,
}: Verified['results'][number]): string {
  // What mailauth calls neutral: the message is not what was signed.
  const isChanged = status.result === 'neutral' && signature !== undefined && bodyHash !== bodyHashExpecting;
  return formatResult('dkim', isChanged ? 'fail' : status.result, {
    comment: status.comment ?? '',
    properties: {
      'header.d': signingDomain,
      'header.s': selector,
      'header.a': algo,
      'header.b': signature?.slice(0, 8),
    },
  });
}

async function checkChain(
  checked: Verified,
  questions: Questions,
  trusted: TrustedResults,
): Promise<{ readonly chain: Authentication['chain']; readonly text: string }> {
  const data = chainOf(checked);
  if (!data) return { chain: 'none', text: formatResult('arc', 'none') };
  const { i, status } = await arc(data, { resolver: questions.ask });
  const said = trusted.results.find(({ method }) => method === 'arc');
  if (status.result === 'none') return { chain: 'none', text: formatResult('arc', 'none') };
  if (status.result === 'pass') {
    if (said?.result === 'fail') return { chain: 'fail', text: said.text };
    const comment = typeof i === 'number' ? `i=${i}` : '';
    return { chain: 'pass', text: formatResult('arc', 'pass', { comment }) };
  }
  // Filters of the site may have changed what it had checked before; its seals must be good all the same.
  if (said?.result === 'pass' && trusted.isNamed && (await areSealsGood(data, questions)))
    return { chain: 'pass', text: said.text };
  if (keyNames(data.chain).some((name) => questions.unanswered.has(name))) {
    const comment = 'no answer from name servers';
    return { chain: 'unknown', text: formatResult('arc', 'temperror', { comment }) };
  }
  return { chain: 'fail', text: formatResult('arc', 'fail', { comment: status.comment ?? '' }) };
}

/** Undefined where the message carries no chain at all. */
function chainOf({ arc: found }: Verified): ARCData | undefined {
  if (!found?.chain) return found?.error ? { chain: [], error: found.error } : undefined;
  return found.lastEntry ? { chain: found.chain, lastEntry: found.lastEntry } : { chain: found.chain };
}

async function areSealsGood(data: ARCData, { ask }: Questions): Promise<boolean> {
  try {
    return !data.error && (await verifyASChain(data, { resolver: ask }));
  } catch {
    return false;
  }
}

/** Where the keys of a chain are. */
function keyNames(chain: ARCData['chain']): string[] {
  return chain.flatMap((set) =>
    [set['arc-seal'], set['arc-message-signature']].flatMap((field) => {
      const { s, d } = field?.parsed ?? {};
      return s && d ? [`${s.value}._domainkey.${d.value}`.toLowerCase()] : [];
    }),
  );
}

async function checkDmarc(
  { headerFrom, fromFields }: Verified,
  own: Verified['results'],
  trusted: readonly MethodResult[],
  { ask }: Questions,
): Promise<string> {
  const signers = [
    ...own.flatMap(({ status, signingDomain }) =>
      status.result === 'pass' && signingDomain ? [signingDomain] : [],
    ),
    ...passedDomains(trusted, 'dkim', ['header.d', 'header.i']),
  ];
  const { response } = await evaluateDmarc({
    headerFrom,
    fromFields,
    dkimDomains: signers.map((domain) => ({ domain })),
    spfDomains: passedDomains(trusted, 'spf', ['smtp.mailfrom', 'smtp.helo']),
    resolver: ask,
  });
  if (!response) return formatResult('dmarc', 'permerror', { comment: 'no single author domain' });
  const { status, p } = response;
  const isOpen = status.result === 'fail' && own.some((one) => one.status.result === 'temperror');
  return formatResult('dmarc', isOpen ? 'temperror' : status.result, {
    comment: p ? `p=${p}` : '',
    properties: { 'header.from': status.header?.from },
  });
}

function passedDomains(
  results: readonly MethodResult[],
  wanted: string,
  properties: readonly string[],
): string[] {
  return results.flatMap(({ method, result, properties: given }) => {
    if (method !== wanted || result !== 'pass') return [];
    const value = properties.map((name) => given.get(name)).find((one) => one !== undefined && one !== '');
    return value === undefined ? [] : [value.slice(value.lastIndexOf('@') + 1)];
  });
}

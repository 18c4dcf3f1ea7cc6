import { domainToASCII } from 'node:url';
import { getDomain } from 'tldts';
import type { Database } from '../../database/handle.ts';
import { epochFromUtc } from '../../model/time.ts';
import type { DnsResolver, Step } from '../../queue/step.ts';
import { type DmarcPolicy, isDmarcRecord, policyIn } from './record.ts';

/** Seconds for which an answer counts. */
const CACHE_SECONDS = 3600;

/** A name server that does not answer is asked again soon. */
const FAILURE_CACHE_SECONDS = 60;

/** Domains remembered; beyond that the oldest are forgotten. */
const CACHE_SIZE = 10_000;

/** RFC 1035 2.3.4, with room for `_dmarc.`. */
const HOST_NAME = /^(?=.{1,246}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Codes of `node:dns` that say there is nothing: no such name, no TXT record, or a name that cannot be. */
const NO_RECORD: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Of a record, in the log. */
const MAX_LOGGED = 200;

interface CacheEntry {
  readonly policy: DmarcPolicy | undefined;
  readonly validUntil: number;
}

const caches = new WeakMap<Database, Map<string, CacheEntry>>();

/**
 * The policy that applies to mail from a domain: its own, else that of its organisational domain (by the public suffix
 * list), where `sp=` counts first. Undefined where none is published. While name servers fail the answer is `reject`, as
 * in Mailman: to mitigate in vain does less harm than to have members' copies refused. How long a name server may take is
 * the resolver's affair.
 */
export async function dmarcPolicy(step: Step, mailDomain: string): Promise<DmarcPolicy | undefined> {
  const domain = domainToASCII(mailDomain.replace(/\.$/, ''));
  if (!HOST_NAME.test(domain)) return undefined;
  const cache = cacheOf(step.database);
  const now = epochFromUtc(step.clock.now());
  const known = cache.get(domain);
  if (known && known.validUntil > now) return known.policy;
  try {
    const found = await lookUp(step.resolver, domain);
    if (found) {
      const record = found.record.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_LOGGED);
      step.log('vette', `DMARC lookup for ${domain} found p=${found.policy} in ${found.name} = ${record}`);
    }
    remember(cache, domain, { policy: found?.policy, validUntil: now + CACHE_SECONDS });
    return found?.policy;
  } catch (error) {
    if (!isDnsError(error)) throw error;
    step.log('error', `DMARC lookup for ${domain} failed: ${error.message}`);
    remember(cache, domain, { policy: 'reject', validUntil: now + FAILURE_CACHE_SECONDS });
    return 'reject';
  }
}

interface FoundPolicy {
  readonly policy: DmarcPolicy;
  readonly name: string;
  readonly record: string;
}

/** A record that says nothing of use ends the search as well: the organisation is asked only where there is none. */
async function lookUp(resolver: DnsResolver, domain: string): Promise<FoundPolicy | undefined> {
  const own = await recordAt(resolver, domain);
  if (own !== undefined) return foundPolicy(domain, own, ['p']);
  // Also what registrars and hosters list as theirs: their customers are no more one organisation than those of `uk`.
  const organisational = getDomain(domain, { allowPrivateDomains: true });
  if (!organisational || organisational === domain) return undefined;
  const record = await recordAt(resolver, organisational);
  return record === undefined ? undefined : foundPolicy(organisational, record, ['sp', 'p']);
}

async function recordAt(resolver: DnsResolver, domain: string): Promise<string | undefined> {
  const texts = await resolveTxt(resolver, recordName(domain));
  const records = texts.map((chunks) => chunks.join('').trim()).filter(isDmarcRecord);
  // RFC 7489 6.6.3: of several none counts.
  return records.length === 1 ? records[0] : undefined;
}

function foundPolicy(domain: string, record: string, tags: readonly string[]): FoundPolicy | undefined {
  const policy = policyIn(record, tags);
  return policy && { policy, name: recordName(domain), record };
}

function recordName(domain: string): string {
  return `_dmarc.${domain}`;
}

async function resolveTxt(resolver: DnsResolver, name: string): Promise<string[][]> {
  try {
    return await resolver.resolveTxt(name);
  } catch (error) {
    if (isDnsError(error) && NO_RECORD.has(error.code)) return [];
    throw error;
  }
}

function isDnsError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function cacheOf(database: Database): Map<string, CacheEntry> {
  const cache = caches.get(database) ?? new Map<string, CacheEntry>();
  caches.set(database, cache);
  return cache;
}

function remember(cache: Map<string, CacheEntry>, domain: string, entry: CacheEntry): void {
  cache.delete(domain);
  cache.set(domain, entry);
  const oldest = cache.keys().next();
  if (cache.size > CACHE_SIZE && !oldest.done) cache.delete(oldest.value);
}

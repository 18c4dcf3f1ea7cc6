import { getDomain } from 'tldts';
import type { Database } from '../../database/handle.ts';
import { epochFromUtc } from '../../model/time.ts';
import type { DnsResolver, Step } from '../step.ts';

/** What a domain asks receivers to do with mail that is not authenticated (RFC 7489 6.3). */
export type DmarcPolicy = 'none' | 'quarantine' | 'reject';

const CACHE_SECONDS = 3600;

/** Domains remembered; beyond that the oldest are forgotten. */
const CACHE_SIZE = 10_000;

/** A name server that does not answer is asked again soon. */
const FAILURE_CACHE_SECONDS = 60;

interface CacheEntry {
  readonly policy: DmarcPolicy | undefined;
  readonly validUntil: number;
}

const caches = new WeakMap<Database, Map<string, CacheEntry>>();

/**
 * The policy that applies to mail from a domain: its own, else that of its organisational domain, where `sp=` counts
 * first. Undefined where none is published. While name servers fail the answer is `reject`, as in Mailman: to mitigate in
 * vain does less harm than to have members' copies refused. How long a name server may take is the resolver's affair.
 */
export async function dmarcPolicy(step: Step, domain: string): Promise<DmarcPolicy | undefined> {
  const cache = cacheOf(step.database);
  const now = epochFromUtc(step.clock.now());
  const known = cache.get(domain);
  if (known && known.validUntil > now) return known.policy;
  try {
    const found = await lookUp(step.resolver, domain);
    if (found) {
      step.log(
        'vette',
        `DMARC lookup for ${domain} found p=${found.policy} in ${found.name} = ${found.record}`,
      );
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

async function lookUp(resolver: DnsResolver, domain: string): Promise<FoundPolicy | undefined> {
  const own = await lookUpAt(resolver, domain, ['p']);
  if (own) return own;
  const organisational = getDomain(domain, { allowPrivateDomains: false });
  return organisational && organisational !== domain
    ? lookUpAt(resolver, organisational, ['sp', 'p'])
    : undefined;
}

/** @param tags those that may hold the policy, the first present counts */
async function lookUpAt(
  resolver: DnsResolver,
  domain: string,
  tags: readonly string[],
): Promise<FoundPolicy | undefined> {
  const name = `_dmarc.${domain}`;
  const records = (await resolveTxt(resolver, name)).map((chunks) => chunks.join(''));
  const valid = records.filter((record) => /^v\s*=\s*DMARC1\s*(?:;|$)/i.test(record));
  const [record] = valid;
  // RFC 7489 6.6.3: of several records none counts.
  if (record === undefined || valid.length > 1) return undefined;
  for (const tag of tags) {
    const value = new RegExp(`;\\s*${tag}\\s*=\\s*(none|quarantine|reject)\\b`, 'i').exec(record)?.[1];
    if (value !== undefined) return { policy: value.toLowerCase() as DmarcPolicy, name, record };
  }
  return undefined;
}

async function resolveTxt(resolver: DnsResolver, name: string): Promise<string[][]> {
  try {
    return await resolver.resolveTxt(name);
  } catch (error) {
    if (isDnsError(error) && ['ENOTFOUND', 'ENODATA'].includes(String((error as { code?: unknown }).code)))
      return [];
    throw error;
  }
}

function isDnsError(error: unknown): error is Error {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
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

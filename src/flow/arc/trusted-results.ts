import type { Config } from '../../config/index.ts';
import type { Headers } from '../../message/headers.ts';
import { type MethodResult, parseAuthenticationResults } from './authentication-results.ts';

/** What a server that is believed has found out about a message before it came here. */
export interface TrustedResults {
  readonly results: readonly MethodResult[];
  /** Whether the site names that server; our own name is believed without that. */
  readonly isNamed: boolean;
}

/** Each filter of a mail server may add a field of its own. */
const MAX_FIELDS = 10;

/**
 * The results at the top, as far as they come from one server that is believed. Those further down may have been there
 * before the mail came to it (RFC 8601 5), so nobody is believed who stands below somebody else.
 * @param ownName our own authserv-id, which counts as trusted, as in Mailman
 */
export function trustedResults(
  headers: Headers,
  { trusted_authserv_ids }: Config['ARC'],
  ownName: string,
): TrustedResults {
  const named = new Set(trusted_authserv_ids.map((name) => name.toLowerCase()));
  const fields = headers
    .getAll('Authentication-Results')
    .slice(0, MAX_FIELDS)
    .map(parseAuthenticationResults);
  const server = fields[0]?.server;
  if (server === undefined || !(named.has(server) || server === ownName.toLowerCase()))
    return { results: [], isNamed: false };
  const end = fields.findIndex((field) => field?.server !== server);
  const believed = fields.slice(0, end < 0 ? fields.length : end);
  return { results: believed.flatMap((field) => field?.results ?? []), isNamed: named.has(server) };
}

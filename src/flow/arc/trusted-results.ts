import type { Config } from '../../config/index.ts';
import { fieldValue, type Headers } from '../../message/headers.ts';
import {
  type AuthenticationResults,
  type MethodResult,
  parseAuthenticationResults,
} from './authentication-results.ts';

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
 * before the mail came to it (RFC 8601 5), so nobody is believed who stands below somebody else. Under our own name only
 * what stands above all seals counts: further down it is from an earlier visit, to another list of ours.
 * @param ownName our own authserv-id, which counts as trusted, as in Mailman
 */
export function trustedResults(
  headers: Headers,
  { trusted_authserv_ids }: Config['ARC'],
  ownName: string,
): TrustedResults {
  const named = new Set(trusted_authserv_ids.map((name) => name.toLowerCase()));
  const fields = resultFields(headers);
  const server = fields[0]?.server;
  const isNamed = server !== undefined && named.has(server);
  if (!isNamed && server !== ownName.toLowerCase()) return { results: [], isNamed: false };
  const end = fields.findIndex((field) => field.server !== server || (!isNamed && field.isBelowSeal));
  const believed = end < 0 ? fields : fields.slice(0, end);
  return { results: believed.flatMap(({ results }) => results), isNamed };
}

interface ResultField extends Partial<AuthenticationResults> {
  readonly results: readonly MethodResult[];
  readonly isBelowSeal: boolean;
}

function resultFields(headers: Headers): ResultField[] {
  const found: ResultField[] = [];
  let isBelowSeal = false;
  for (const field of headers.fields) {
    const name = field.name.toLowerCase();
    if (name === 'arc-seal') isBelowSeal = true;
    if (name !== 'authentication-results') continue;
    found.push({ results: [], ...parseAuthenticationResults(fieldValue(field)), isBelowSeal });
    if (found.length === MAX_FIELDS) break;
  }
  return found;
}

import { findDomain } from '../database/domains.ts';
import { findList } from '../database/lists.ts';
import type { Domain } from '../model/domain.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { noSuchPath, notFound } from './errors.ts';
import type { Call } from './route.ts';

/** A part of the path. */
export function part({ path }: Call, name: string): string {
  return path[name] ?? '';
}

/** The list that the path names, as the thing that is asked for. @throws RestError 404 */
export async function theList(call: Call): Promise<MailingList> {
  return orThrow(await findList(call.connection, part(call, 'list')), notFound);
}

/** The list that the path names, above of what is asked for. @throws RestError 404, without a description */
export async function parentList(call: Call): Promise<MailingList> {
  return orThrow(await findList(call.connection, part(call, 'list')), noSuchPath);
}

/** The same for domains. @throws RestError 404 */
export async function theDomain(call: Call): Promise<Domain> {
  return orThrow(await findDomain(call.connection, part(call, 'domain')), notFound);
}

/** @throws RestError 404, without a description */
export async function parentDomain(call: Call): Promise<Domain> {
  return orThrow(await findDomain(call.connection, part(call, 'domain')), noSuchPath);
}

function orThrow<T>(found: T | undefined, refusal: () => Error): T {
  if (found === undefined) throw refusal();
  return found;
}

import { domainKey } from './email-address.ts';
import type { ListSettings } from './settings/index.ts';
import type { UtcTime } from './time.ts';

/** A mailing list as it is stored. */
export interface MailingList {
  /** RFC 2919 List-Id, lower case, never changes: `ant.example.com`. */
  readonly listId: string;
  readonly listName: string;
  readonly mailHost: string;
  readonly settings: ListSettings;
  /** What came from elsewhere and has no meaning here, by its old name (see migrate/import21/verbatim.ts). */
  readonly legacySettings: Readonly<Record<string, unknown>>;
  readonly createdAt: UtcTime;
  readonly lastPostAt: UtcTime | null;
  readonly digestLastSentAt: UtcTime | null;
  /** The number that the next post gets. */
  readonly postId: number;
  readonly nextRequestId: number;
  readonly volume: number;
  readonly nextDigestNumber: number;
  readonly usenetWatermark: number | null;
}

/** The posting address and name under which people know the list. */
export interface ListName {
  readonly listName: string;
  readonly mailHost: string;
}

/** `ant@example.com` */
export function postingAddress({ listName, mailHost }: ListName): string {
  return `${listName}@${mailHost}`;
}

/** `ant-request@example.com` and the like. */
export function subAddress({ listName, mailHost }: ListName, purpose: string): string {
  return `${listName}-${purpose}@${mailHost}`;
}

/** `ant.example.com` */
export function listIdOf({ listName, mailHost }: ListName): string {
  return `${listName}.${mailHost}`;
}

/** Splits a posting address into lower-case list name and domain; undefined where it is none. */
export function parsePostingAddress(address: string): ListName | undefined {
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) return undefined;
  return { listName: address.slice(0, at).toLowerCase(), mailHost: domainKey(address.slice(at + 1)) };
}

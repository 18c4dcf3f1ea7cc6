import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { ExpectedText } from '../import21/site.ts';

/** The Mailman 2.1 site of the fixtures as a whole, and what Mailman 2.1 itself says is in it. */

export const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));

/** A held post as Mailman 2.1 describes it. */
export interface ExpectedHeld {
  readonly id: number;
  readonly file: string;
  readonly sender: string;
  readonly reason: string;
  readonly time: number;
  readonly subject: ExpectedText;
  readonly subject_decoded: string;
  readonly message_id: string | null;
  /** Of the message written out again. */
  readonly sha1: string;
  readonly bytes: number;
  readonly load_error?: string;
}

/** A token as Mailman 2.1 describes it. */
export interface ExpectedToken {
  readonly token: string;
  readonly op: 'S' | 'U' | 'C' | 'H' | 'E';
  readonly data: readonly unknown[];
  readonly evict_time: number;
  readonly expired_at_capture: boolean;
}

/** What waits on a list as Mailman 2.1 describes it. */
export interface ExpectedWaiting {
  readonly load_error?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly member_count: { readonly digest: number; readonly regular: number };
  readonly held_messages: readonly ExpectedHeld[];
  readonly held_subscriptions: readonly {
    readonly address: string;
    readonly name: string;
    readonly time: number;
    readonly digest: number | boolean;
    readonly language: string;
    readonly password: string;
  }[];
  readonly held_unsubscriptions: readonly { readonly address: string }[];
  readonly pending: readonly ExpectedToken[];
  readonly digest_mbox: { readonly bytes: number; readonly message_ids: readonly string[] } | null;
}

/** EXPECTED, as far as these tests look at it. */
export interface ExpectedSite {
  readonly captured_at: number;
  readonly lists: Readonly<Record<string, ExpectedWaiting>>;
  readonly site: { readonly virtual_hosts: Readonly<Record<string, string>> };
  readonly bounce_events: Readonly<
    Record<string, readonly { readonly list: string; readonly address: string }[]>
  >;
  readonly qfiles: Readonly<
    Record<
      string,
      readonly {
        readonly file: string;
        readonly message_id: string;
        readonly bytes?: number;
        readonly sha1?: string;
        readonly metadata: Readonly<Record<string, unknown>>;
      }[]
    >
  >;
  readonly passwords: { readonly site_sha1: string; readonly creator_sha1: string };
}

export const expectedSite = JSON.parse(
  gunzipSync(readFileSync(join(SITE, 'EXPECTED.json.gz'))).toString(),
) as ExpectedSite;

/** Lists that Mailman can open, by name. */
export const openLists: readonly (readonly [string, ExpectedWaiting])[] = Object.entries(
  expectedSite.lists,
).filter(([, { load_error }]) => load_error === undefined);

/** A copy that a test may change. @param folder must not exist */
export function copySite(folder: string): string {
  cpSync(SITE, folder, { recursive: true });
  return folder;
}

/** The List-Id that a list of the fixtures has here. */
export function listIdOf(name: string): string {
  return `${name}.${name === 'friends-org' ? 'lists.example.org' : 'lists.example.com'}`;
}

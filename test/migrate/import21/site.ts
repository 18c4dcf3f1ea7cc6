import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type Installation, succeed } from '../../support/mailman.ts';

/** The Mailman 2.1 site of the fixtures, and what Mailman 2.1 itself says is in it. */

const FIXTURES = new URL('../../../fixtures/mailman21/', import.meta.url);

/** A text as EXPECTED has it: bytes that are not in the charset of the list stand as base64. */
export type ExpectedText =
  | string
  | { readonly $bytes: string; readonly $replaced: string; readonly $charset: string };

/** A bounce record of Mailman 2.1. */
export interface ExpectedBounce {
  readonly score: number;
  readonly date: readonly [number, number, number] | number;
  readonly noticesleft: number;
  readonly lastnotice: readonly [number, number, number];
  readonly cookie: string | null;
}

/** A member as Mailman 2.1 describes it. */
export interface ExpectedMember {
  readonly address: string;
  readonly key: string;
  readonly name: ExpectedText | null;
  readonly mode: 'regular' | 'mime digest' | 'plain digest';
  readonly moderated: boolean;
  readonly options: number;
  readonly flags: readonly string[];
  readonly language: string;
  readonly language_stored: string | null;
  readonly password: ExpectedText | null;
  readonly status: string;
  readonly status_code?: number;
  readonly status_time?: number;
  readonly topics?: readonly string[];
  readonly bounce_info?: ExpectedBounce;
}

/** A list as Mailman 2.1 describes it. */
export interface ExpectedList {
  readonly charset: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly members: readonly ExpectedMember[];
  readonly owners: readonly string[];
  readonly moderators: readonly string[];
}

/** What Mailman 2.1 says of the lists that it can open. */
export const expectedLists: ReadonlyMap<string, ExpectedList> = readExpected();

/** The address under which the tests import a list of the fixtures. */
export function addressOf(name: string): string {
  return `${name}@${name === 'friends-org' ? 'lists.example.org' : 'lists.example.com'}`;
}

/** A file in the folder of a list. */
export function fixture(list: string, file = 'config.pck'): string {
  return fileURLToPath(new URL(`lists/${list}/${file}`, FIXTURES));
}

/** The part of an export that tests look at. */
export interface Exported {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly legacy_settings: Readonly<Record<string, unknown>>;
  readonly members: readonly ExportedMember[];
  readonly bans: readonly string[];
  readonly header_matches: readonly Readonly<Record<string, unknown>>[];
  readonly templates: readonly { readonly name: string; readonly language: string; readonly text: string }[];
  readonly autoresponses: readonly Readonly<Record<string, unknown>>[];
  readonly [part: string]: unknown;
}

/** A membership in an export. */
export interface ExportedMember {
  readonly address: string;
  readonly display_name: string;
  readonly role: string;
  readonly delivery_status: string;
  readonly moderation_action: string;
  readonly bounce: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What `mailman export --json --secrets` shows. */
export function exportOf({ mailman }: Installation, address: string): Exported {
  return JSON.parse(succeed(mailman('export', address, '--json', '--secrets'))) as Exported;
}

/** Creates and imports every list of the fixtures in one database. */
export function importSite(installation: Installation): void {
  for (const name of expectedLists.keys()) {
    const useLast = name === 'broken-last' ? ['--use-last'] : [];
    succeed(installation.mailman('import21', '--create', ...useLast, addressOf(name), fixture(name)));
  }
}

function readExpected(): ReadonlyMap<string, ExpectedList> {
  const bytes = readFileSync(new URL('EXPECTED.json.gz', FIXTURES));
  const { lists } = JSON.parse(gunzipSync(bytes).toString()) as { lists: Record<string, ExpectedList> };
  return new Map(Object.entries(lists).filter(([, list]) => 'config' in list));
}

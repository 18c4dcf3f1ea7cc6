import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readConfigPck } from '../../migrate/import21/config-pck.ts';
import { import21 } from '../../migrate/import21/index.ts';
import type { Database } from '../../src/database/handle.ts';
import { listRules } from '../../src/lists/rules.ts';
import { defaultConfig } from './services.ts';

const FIXTURES = new URL('../../fixtures/mailman21/', import.meta.url);

/** An SMTP transaction of Mailman 2.1. */
export interface RecordedTransaction {
  /** Its message, CRLF, among the files of the case; null where every recipient was refused. */
  readonly file: string | null;
  readonly from: string;
  /** Recipients that were taken. */
  readonly to: readonly string[];
  readonly to_file?: string;
  /** Replies to those that were not. */
  readonly refused?: Readonly<Record<string, string>>;
}

type RecordedEntries = Readonly<Record<string, unknown>>;

/** What changed of a list: settings as [before, after], dictionaries as what was added, removed, changed. */
export interface RecordedStateChange {
  readonly config?: Readonly<Record<string, readonly unknown[]>>;
  readonly requests?: { readonly added?: RecordedEntries; readonly removed?: RecordedEntries };
  readonly pending?: { readonly added?: RecordedEntries; readonly removed?: RecordedEntries };
}

/** What name servers answered. */
export interface RecordedDns {
  readonly txt: Readonly<Record<string, string>>;
  readonly servfail: readonly string[];
}

/** One mail, or something that a moderator or the clock did, and what Mailman 2.1 made of it. */
export interface RecordedCase {
  /** Its number and what it is about. */
  readonly name: string;
  readonly case: {
    readonly number: number;
    readonly list: string;
    readonly address: string;
    readonly kind: string;
    readonly envelope_from: string;
    readonly description: string;
    readonly decision: string;
    readonly dns_queries: readonly string[] | null;
    readonly reason: string | null;
    /** Seconds since 1970. */
    readonly time: number;
    readonly config_change?: Readonly<Record<string, readonly unknown[]>>;
    /** Lines that were added to each log; in base64 where they are not UTF-8. */
    readonly logs: Readonly<Record<string, string | { readonly $bytes: string }>>;
    readonly outgoing: readonly RecordedTransaction[];
    readonly state_diff: Readonly<Record<string, RecordedStateChange>>;
  };
  /** By name, base64. */
  readonly files: Readonly<Record<string, string>>;
}

interface RecordedTraffic {
  readonly dns: RecordedDns;
  readonly cases: readonly RecordedCase[];
}

let traffic: RecordedTraffic | undefined;

function recordedTraffic(): RecordedTraffic {
  traffic ??= JSON.parse(
    gunzipSync(readFileSync(new URL('traffic.json.gz', FIXTURES))).toString('utf8'),
  ) as RecordedTraffic;
  return traffic;
}

/** All that was recorded at a real Mailman 2.1 site, in order (see fixtures/README.md). */
export function recordedCases(): readonly RecordedCase[] {
  return recordedTraffic().cases;
}

export function recordedDns(): RecordedDns {
  return recordedTraffic().dns;
}

/** A file of a case, such as `in.eml` or `out-1.eml`. */
export function recordedFile({ name, files }: RecordedCase, file: string): Buffer {
  const content = files[file];
  if (content === undefined) throw new Error(`${name} has no ${file}`);
  return Buffer.from(content, 'base64');
}

/** What a case added to each of Mailman's logs. */
export function recordedLogs({ case: { logs } }: RecordedCase): Map<string, Buffer> {
  const entries = Object.entries(logs);
  return new Map(
    entries.map(([name, text]) => [
      name,
      typeof text === 'string' ? Buffer.from(text, 'utf8') : Buffer.from(text.$bytes, 'base64'),
    ]),
  );
}

/** The recipients whom Mailman tried, those included that were refused; of one file, or of all. */
export function recordedRecipients(recorded: RecordedCase, file?: string): string[] {
  return recorded.case.outgoing
    .filter((transaction) => file === undefined || transaction.file === file)
    .flatMap(({ to, to_file, refused = {} }) => {
      const many = to_file === undefined ? '' : gunzipSync(recordedFile(recorded, to_file)).toString('utf8');
      return [...to, ...many.split('\n').filter((line) => line !== ''), ...Object.keys(refused)];
    });
}

/** The address of a list of the site. */
export function recordedListAddress(name: string): string {
  return `${name}@${name === 'friends-org' ? 'lists.example.org' : 'lists.example.com'}`;
}

/**
 * Imports a list of the site, or brings it up to date.
 * @param changedBy a case before which the owner had changed settings
 */
export async function importRecordedList(
  database: Database,
  name: string,
  changedBy?: RecordedCase,
): Promise<void> {
  const listDir = fileURLToPath(new URL(`lists/${name}/`, FIXTURES));
  const backup = `${listDir}config.pck.last`;
  const path = name === 'broken-last' && existsSync(backup) ? backup : `${listDir}config.pck`;
  const changed = changedBy?.files['config.pck'];
  const bytes = changed === undefined ? readFileSync(path) : Buffer.from(changed, 'base64');
  const config = defaultConfig();
  await import21(database, readConfigPck(bytes, path), {
    listSpec: recordedListAddress(name),
    source: path,
    languages: new Set(config.languages.keys()),
    listDir,
    create: { style: config.styles.default, rules: listRules(config), language: 'en' },
    keep: false,
    dryRun: false,
    progress: () => undefined,
  });
}

import type { Connection, Database } from '../../src/database/handle.ts';
import { despiteRivals } from '../../src/database/rivals.ts';
import { putSitePassword, sitePassword } from '../../src/database/site-passwords.ts';
import { FerrymanError } from '../../src/errors.ts';
import { CreateListError } from '../../src/lists/create.ts';
import { type Note, Notes } from '../import21/report.ts';
import { loadQueues } from '../queues/apply-queues.ts';
import { NO_BOUNCES, readBounceFiles } from '../queues/bounce-files.ts';
import { queueFiles } from '../queues/queue-files.ts';
import { attempt } from './attempt.ts';
import { type ListOutcome, type RunListOptions, runList } from './run-list.ts';
import { type Site, sitePasswords } from './site.ts';
import { applySiteTemplates, readSiteTemplates } from './site-templates.ts';
import type { DomainOf } from './source-list.ts';

/** What `migrate run` is told. */
export interface RunOptions extends Omit<RunListOptions, 'bounces' | 'queued' | 'progress' | 'domainOf'> {
  /** In this order; all lists of the site where none is named. */
  readonly lists: readonly string[];
  readonly domainOf: DomainOf;
  /** Whether messages in Mailman 2.1's queues come too. */
  readonly queues: boolean;
  /** Whether bounces come that Mailman 2.1 has not counted yet; one that goes on counts them itself. */
  readonly bounceEvents: boolean;
  /** Say what would happen, and change nothing. */
  readonly dryRun: boolean;
  /** What belongs to a list that came over, in the transaction that brings it: after a kill both are there or neither. */
  readonly within?: (connection: Connection, outcome: ListOutcome) => Promise<void>;
  /** Called when a list begins, and now and then with its members. */
  readonly progress: (list: string, number: number, of: number, members: number, ofMembers: number) => void;
}

/** What became of a site, as `--json` shows it. */
export interface RunReport {
  readonly source: string;
  readonly dry_run: boolean;
  readonly lists: readonly ListOutcome[];
  /** Lists that could not be brought over; nothing of them is here that was not before. */
  readonly failed: readonly { readonly name: string; readonly problem: string }[];
  readonly site: {
    /** Roles whose password came over. */
    readonly passwords: readonly string[];
    readonly templates: number;
    readonly notes: readonly Note[];
  };
  readonly seconds: number;
}

/** The rehearsal of one list is over; thrown to roll its transaction back. */
class Rehearsed extends Error {
  readonly outcome: ListOutcome;

  constructor(outcome: ListOutcome) {
    super('rehearsed');
    this.outcome = outcome;
  }
}

/** Brings lists over, each in one transaction: after a kill, run again; what is done is not done twice. */
export async function runSite(database: Database, site: Site, options: RunOptions): Promise<RunReport> {
  const started = process.hrtime.bigint();
  const notes = new Notes();
  const bounces = attempt(notes, 'bounce events', () => readBounceFiles(site)) ?? NO_BOUNCES;
  for (const problem of bounces.problems) notes.needsPerson('bounce events', problem);
  const bouncesOf = Map.groupBy(options.bounceEvents ? bounces.bounces : [], ({ listName }) => listName);
  const queued = options.queues
    ? loadQueues(attempt(notes, 'queues', () => queueFiles(site)) ?? [], notes)
    : undefined;
  const done: ListOutcome[] = [];
  const failed: { name: string; problem: string }[] = [];
  for (const [index, name] of options.lists.entries()) {
    const progress = (members: number, ofMembers: number) =>
      options.progress(name, index + 1, options.lists.length, members, ofMembers);
    progress(0, 0);
    try {
      done.push(
        await oneList(database, site, name, options, {
          ...options,
          bounces: bouncesOf.get(name) ?? [],
          queued: queued && (queued.get(name) ?? []),
          progress,
        }),
      );
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      failed.push({ name, problem: error.message });
    }
  }
  noteStrayEntries(site, queued, notes);
  const secrets = attempt(notes, 'passwords', () => sitePasswords(site));
  const passwords = options.dryRun || !secrets ? [] : await bringPasswords(database, secrets);
  const templates = attempt(notes, 'templates', () => readSiteTemplates(site, notes)) ?? [];
  const changedTemplates = options.dryRun
    ? 0
    : await database.transaction((connection) => applySiteTemplates(connection, templates, notes));
  return {
    source: site.path,
    dry_run: options.dryRun,
    lists: done,
    failed,
    site: { passwords, templates: changedTemplates, notes: notes.all },
    seconds: Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000,
  };
}

async function oneList(
  database: Database,
  site: Site,
  name: string,
  { dryRun, within }: Pick<RunOptions, 'dryRun' | 'within'>,
  options: RunListOptions,
): Promise<ListOutcome> {
  const bring = () =>
    despiteRivals(() =>
      database.transaction(async (connection) => {
        const outcome = await runList(connection, site, name, options);
        if (dryRun) throw new Rehearsed(outcome);
        await within?.(connection, outcome);
        return outcome;
      }),
    );
  try {
    return await despiteAnotherRun(bring);
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcome;
    throw error;
  }
}

/** Another run may have made the list since it was looked for: begun anew, this one brings it up to date. */
async function despiteAnotherRun<T>(bring: () => Promise<T>): Promise<T> {
  try {
    return await bring();
  } catch (error) {
    if (!(error instanceof CreateListError) || error.problem !== 'exists') throw error;
    return bring();
  }
}

/** A password that was set or upgraded here stays. */
async function bringPasswords(
  { connection }: Database,
  secrets: ReturnType<typeof sitePasswords>,
): Promise<string[]> {
  const brought: string[] = [];
  for (const role of ['admin', 'creator'] as const) {
    const hex = secrets[role];
    if (hex === undefined || (await sitePassword(connection, role)) !== null) continue;
    await putSitePassword(connection, role, `mailman21:sha1:${hex}`);
    brought.push(role);
  }
  return brought;
}

function noteStrayEntries(
  site: Site,
  queued: ReadonlyMap<string, readonly unknown[]> | undefined,
  notes: Notes,
): void {
  for (const [name, entries] of queued ?? []) {
    if (!site.listNames.includes(name))
      notes.needsPerson('queues', `${entries.length} messages for ${name || 'no list'}, which is not there`);
  }
}

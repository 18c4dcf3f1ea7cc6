import type { Connection, Database } from '../../src/database/handle.ts';
import { lockList } from '../../src/database/lists.ts';
import { despiteRivals } from '../../src/database/rivals.ts';
import { FerrymanError } from '../../src/errors.ts';
import { createList, type ListRules } from '../../src/lists/create.ts';
import { type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import type { Template } from '../../src/model/template.ts';
import { utcNow } from '../../src/model/time.ts';
import { tidyUp } from '../../src/queue/large-messages.ts';
import type { PyDict } from '../pickle/values.ts';
import { applyListSettings } from './apply.ts';
import { applyMembers, type Reconciler, type RosterChanges } from './apply-members.ts';
import { keepBaseline } from './baseline.ts';
import { convertConfig, type ImportPlan } from './convert.ts';
import { readListDir } from './list-dir.ts';
import type { Changes, ImportReport, Note } from './report.ts';

/** What to import, and how. */
export interface ImportOptions {
  readonly listSpec: string;
  /** How messages call the file. */
  readonly source: string;
  /** Instead of the charset of the list's language. */
  readonly charset?: string | undefined;
  /** Codes of the languages that this installation speaks. */
  readonly languages: ReadonlySet<string>;
  /** The folder of the list in Mailman 2.1's `lists`, for the templates in it. */
  readonly listDir?: string | undefined;
  /** Make the list, with its domain, where it does not exist. */
  readonly create?:
    | { readonly style: string; readonly rules: ListRules; readonly language: string }
    | undefined;
  /** Members who are gone in the file stay. */
  readonly keep: boolean;
  /** Decides about memberships beside the file. */
  readonly reconciler?: Reconciler | undefined;
  /** Nothing but the number and the time of the last post is new since the last import: members are left alone. */
  readonly isCountedOnly?: boolean;
  readonly dryRun: boolean;
  /** Called now and then with how many of all members are done. */
  readonly progress: (done: number, total: number) => void;
}

/** The import was rehearsed; thrown to roll the transaction back. */
class Rehearsed extends Error {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('rehearsed');
    this.report = report;
  }
}

/**
 * Imports the dictionary of a config.pck into a list, in one transaction: what goes wrong leaves the database as it was.
 * @throws FerrymanError naming the list
 */
export async function import21(
  database: Database,
  config: PyDict,
  options: ImportOptions,
): Promise<ImportReport> {
  try {
    return await despiteRivals(() =>
      database.transaction(async (connection) => {
        const report = await importInto(connection, config, options);
        if (options.dryRun) throw new Rehearsed(report);
        return report;
      }),
    );
  } catch (error) {
    if (error instanceof Rehearsed) return error.report;
    throw error;
  }
}

/** The same inside a transaction of the caller's; a dry run is the caller's business. */
export async function importInto(
  connection: Connection,
  config: PyDict,
  options: ImportOptions,
): Promise<ImportReport> {
  const existing = await lockList(connection, options.listSpec);
  const list = existing ?? (await makeList(connection, options));
  const plan = convertConfig(config, { list, charset: options.charset, languages: options.languages });
  const folderTemplates = listDirTemplates(plan, options);
  const tidy = tidyEvery(plan.memberCount);
  // Before there is much else in memory.
  if (!options.isCountedOnly) await keepBaseline(connection, list.listId, config, plan.texts, () => tidy());
  const rosters = options.isCountedOnly
    ? untouched(plan)
    : await applyMembers(connection, list, plan.members(), {
        keep: options.keep,
        reconciler: options.reconciler,
        now: utcNow(),
        progress: (done) => {
          tidy();
          options.progress(done, plan.memberCount);
        },
      });
  const settingsChanged = await applyListSettings(connection, list, plan, folderTemplates);
  return {
    list: postingAddress(list),
    source: options.source,
    dry_run: options.dryRun,
    created: existing === undefined,
    charset: plan.texts.charset,
    members: rosters.member,
    owners: rosters.owner,
    moderators: rosters.moderator,
    nonmembers: rosters.nonmember,
    settings_changed: settingsChanged,
    bans: plan.bans.length,
    header_matches: plan.headerMatches.length,
    templates: [...plan.templates, ...(folderTemplates ?? [])].map(({ name, language }) =>
      language ? `${name} (${language})` : name,
    ),
    kept_in_legacy_settings: [...plan.legacySettings.keys()].sort(),
    notes: notesOf(plan),
  };
}

function untouched({ memberCount }: ImportPlan): RosterChanges {
  const none: Changes = { added: 0, updated: 0, removed: 0, unchanged: 0 };
  return { member: { ...none, unchanged: memberCount }, owner: none, moderator: none, nonmember: none };
}

async function makeList(connection: Connection, { listSpec, create }: ImportOptions): Promise<MailingList> {
  if (!create) throw new FerrymanError(`No such list: ${listSpec} (--create makes it)`);
  const wanted = {
    address: listSpec,
    style: create.style,
    language: create.language,
    owners: [],
    createDomain: true,
  };
  return createList(connection, wanted, create.rules);
}

function listDirTemplates(plan: ImportPlan, { listDir }: ImportOptions): Template[] | undefined {
  if (listDir === undefined) return undefined;
  const context = { welcome: plan.welcomeText, webPageUrl: plan.settings.web_page_url ?? '' };
  return readListDir(listDir, context, plan.notes);
}

/** To be called when the members have been taken, so that all misread texts are known. */
function notesOf({ notes, texts }: ImportPlan): readonly Note[] {
  for (const { where, problem, text } of texts.misread)
    notes.needsPerson(
      where,
      text === undefined ? problem : `${problem}: ${JSON.stringify(text.slice(0, 80))}`,
    );
  return notes.all;
}

/** Members of a list that is large, and calls between two tidyings of its import. */
const LARGE = 50_000;
const TIDY_STEP = 16;

/** Lets the import of a large list give back now and then what it does not need any more, and once at its start. */
function tidyEvery(members: number): () => void {
  if (members < LARGE) return () => {};
  tidyUp();
  let calls = 0;
  return () => {
    calls += 1;
    if (calls % TIDY_STEP === 0) tidyUp();
  };
}

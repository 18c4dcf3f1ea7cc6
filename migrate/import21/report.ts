/** What a person should know of one setting or one group of members. */
export interface Note {
  readonly kind: 'changed_meaning' | 'kept_aside' | 'needs_person';
  /** The setting of Mailman 2.1, or what else it is about. */
  readonly subject: string;
  readonly text: string;
}

/** Collects notes, each subject and text once. */
export class Notes {
  readonly #notes = new Map<string, Note>();

  changedMeaning(subject: string, text: string): void {
    this.#add({ kind: 'changed_meaning', subject, text });
  }

  keptAside(subject: string, text: string): void {
    this.#add({ kind: 'kept_aside', subject, text });
  }

  needsPerson(subject: string, text: string): void {
    this.#add({ kind: 'needs_person', subject, text });
  }

  get all(): readonly Note[] {
    return [...this.#notes.values()];
  }

  #add(note: Note): void {
    this.#notes.set(`${note.kind}\n${note.subject}\n${note.text}`, note);
  }
}

/** How a group of rows compares with what was there before. */
export interface Changes {
  added: number;
  updated: number;
  removed: number;
  unchanged: number;
}

/** The outcome of one import, as `--json` shows it. */
export interface ImportReport {
  readonly list: string;
  readonly source: string;
  readonly dry_run: boolean;
  readonly created: boolean;
  readonly charset: string;
  readonly members: Changes;
  readonly owners: Changes;
  readonly moderators: Changes;
  readonly nonmembers: Changes;
  /** List settings whose value is another one now. */
  readonly settings_changed: readonly string[];
  readonly bans: number;
  readonly header_matches: number;
  readonly templates: readonly string[];
  readonly kept_in_legacy_settings: readonly string[];
  readonly notes: readonly Note[];
}

/** Whether the import left everything as it was. */
export function changedNothing(report: ImportReport): boolean {
  const groups = [report.members, report.owners, report.moderators, report.nonmembers];
  return (
    !report.created &&
    report.settings_changed.length === 0 &&
    groups.every(({ added, updated, removed }) => added + updated + removed === 0)
  );
}

const HEADINGS: Readonly<Record<Note['kind'], string>> = {
  changed_meaning: 'Means something else here:',
  kept_aside: 'Kept as it was, without effect here:',
  needs_person: 'Needs a person:',
};

const MAX_NOTES_PER_KIND = 20;

/** The lines of the report for people. */
export function formatReport(report: ImportReport): string[] {
  const lines = [headline(report)];
  for (const [label, changes] of [
    ['members', report.members],
    ['owners', report.owners],
    ['moderators', report.moderators],
    ['nonmembers', report.nonmembers],
  ] as const) {
    lines.push(`  ${label.padEnd(14)}${formatChanges(changes)}`);
  }
  const settings = report.settings_changed.length;
  lines.push(`  ${'settings'.padEnd(14)}${settings === 0 ? 'unchanged' : `${settings} changed`}`);
  if (report.bans > 0) lines.push(`  ${'bans'.padEnd(14)}${report.bans}`);
  if (report.header_matches > 0) lines.push(`  ${'header rules'.padEnd(14)}${report.header_matches}`);
  if (report.templates.length > 0)
    for (const [index, name] of report.templates.entries())
      lines.push(`  ${(index === 0 ? 'templates' : '').padEnd(14)}${name}`);
  for (const kind of ['changed_meaning', 'kept_aside', 'needs_person'] as const) {
    lines.push(...formatNotes(report.notes, kind));
  }
  return lines;
}

function headline(report: ImportReport): string {
  const verb = report.dry_run ? 'Would import' : 'Imported';
  const outcome = changedNothing(report)
    ? '; nothing has changed'
    : report.created
      ? '; the list is new'
      : '';
  return `${verb} ${report.list} from ${report.source} (${report.charset})${outcome}`;
}

function formatChanges({ added, updated, removed, unchanged }: Changes): string {
  const parts = [
    added > 0 ? `${added} added` : '',
    updated > 0 ? `${updated} updated` : '',
    removed > 0 ? `${removed} removed` : '',
    unchanged > 0 ? `${unchanged} unchanged` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function formatNotes(notes: readonly Note[], kind: Note['kind']): string[] {
  const own = notes.filter((note) => note.kind === kind);
  if (own.length === 0) return [];
  const lines = own.slice(0, MAX_NOTES_PER_KIND).map(({ subject, text }) => `  ${subject}: ${text}`);
  if (own.length > MAX_NOTES_PER_KIND)
    lines.push(`  and ${own.length - MAX_NOTES_PER_KIND} more (see --json)`);
  return ['', HEADINGS[kind], ...lines];
}

/** Something about one message, and where it stands. */
export interface Finding {
  readonly kind: 'repaired' | 'set_aside';
  /** Byte of the file where its entry begins, or the line in question. */
  readonly offset: number;
  readonly what: string;
}

/** What was counted while a file was read: of the whole file, also over several runs. */
export interface Counts {
  readonly messages: number;
  readonly attachments: number;
  /** Left out for their date. */
  readonly left_out: number;
  readonly repaired: number;
  readonly set_aside: number;
  /** The first of each. */
  readonly repaired_at: readonly NamedFinding[];
  readonly set_aside_at: readonly NamedFinding[];
}

type NamedFinding = Omit<Finding, 'kind'>;

export const emptyCounts: Counts = {
  messages: 0,
  attachments: 0,
  left_out: 0,
  repaired: 0,
  set_aside: 0,
  repaired_at: [],
  set_aside_at: [],
};

/** How many findings are named one by one. */
const NAMED = 200;

/** Counts that include one more finding. */
export function withFinding(counts: Counts, { kind, ...finding }: Finding): Counts {
  const at = `${kind}_at` as const;
  const named = counts[at];
  return {
    ...counts,
    [kind]: counts[kind] + 1,
    [at]: named.length < NAMED ? [...named, finding] : named,
  };
}

/** What became of the old web archive. */
export interface OldLinksReport {
  readonly folder: string;
  readonly pages: number;
  /** Pages that lead to a message. */
  readonly mapped: number;
  /** Pages whose message is not in the mbox, kept as they were. */
  readonly kept_pages: number;
  readonly kept_pages_named: readonly string[];
  /** Attachments and other files. */
  readonly files: number;
  readonly problems: readonly string[];
}

/** The outcome of an import of an mbox, as `--json` shows it. */
export interface ArchiveImportReport {
  readonly list: string;
  readonly source: string;
  readonly dry_run: boolean;
  /** Bytes of the mbox up to where it was read. */
  readonly bytes: number;
  readonly seconds: number;
  /** Of the file, whenever they were imported. */
  readonly messages: number;
  /** Added by this run; what would be, without knowing what is there, in a dry run. */
  readonly added: number;
  /** Read by this run and there already. */
  readonly known: number;
  readonly left_out: number;
  /** Of the whole list in the archive; undefined in a dry run. */
  readonly threads: number | undefined;
  readonly attachments: number;
  readonly repaired: number;
  readonly repaired_at: readonly NamedFinding[];
  readonly set_aside: number;
  readonly set_aside_at: readonly NamedFinding[];
  readonly resumed_at: number | undefined;
  readonly old_links: OldLinksReport | undefined;
}

/** The report as lines for people. */
export function formatImportReport(report: ArchiveImportReport): string[] {
  const { dry_run, messages, added, known, left_out, threads, attachments, old_links } = report;
  const verb = dry_run ? 'would be imported' : 'imported';
  const lines = [
    `${report.list}: ${number(added)} ${plural(added, 'message', 'messages')} ${verb} from ${report.source}`,
    `  in the file   ${number(messages)} messages, ${size(report.bytes)}`,
  ];
  if (report.resumed_at) lines.push(`  gone on from  byte ${report.resumed_at}`);
  if (known > 0) lines.push(`  there already ${number(known)}`);
  if (left_out > 0) lines.push(`  left out      ${number(left_out)} (older than --since)`);
  if (threads !== undefined) lines.push(`  threads       ${number(threads)} in the archive of the list`);
  lines.push(`  attachments   ${number(attachments)}`);
  lines.push(`  repaired      ${number(report.repaired)}`, ...findings(report.repaired, report.repaired_at));
  lines.push(
    `  set aside     ${number(report.set_aside)}`,
    ...findings(report.set_aside, report.set_aside_at),
  );
  if (old_links) lines.push(...formatOldLinks(old_links));
  return lines;
}

function formatOldLinks(links: OldLinksReport): string[] {
  const { folder, pages, mapped, kept_pages, kept_pages_named, files, problems } = links;
  const lines = [
    `  old archive   ${folder}`,
    `  old links     ${number(mapped)} of ${number(pages)} pages lead to their messages, ${number(kept_pages)} are kept as they were`,
  ];
  lines.push(...kept_pages_named.map((path) => `    ${path}`), ...more(kept_pages, kept_pages_named.length));
  lines.push(`  old files     ${number(files)}`);
  lines.push(...problems.slice(0, SHOWN).map((text) => `    ${text}`), ...more(problems.length, SHOWN));
  return lines;
}

/** How many findings people are shown; JSON has more. */
const SHOWN = 20;

function findings(count: number, named: readonly NamedFinding[]): string[] {
  const shown = named.slice(0, SHOWN).map(({ offset, what }) => `    byte ${offset}: ${what}`);
  return [...shown, ...more(count, shown.length)];
}

function more(count: number, shown: number): string[] {
  return count > shown ? [`    and ${number(count - shown)} more`] : [];
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `4.3 MB` */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

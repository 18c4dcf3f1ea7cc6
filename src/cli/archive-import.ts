import {
  formatImportReport,
  importArchive,
  type MboxSource,
  openMboxFile,
  openMboxStream,
  treeBeside,
} from '../../migrate/archive/index.ts';
import { timeZone } from '../archiving/legacy/time-zone.ts';
import { listTraits } from '../archiving/list-traits.ts';
import { UsageError } from '../errors.ts';
import { openAppended } from './appended-file.ts';
import { openByteProgress } from './byte-progress.ts';
import type { CliCommand } from './command.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { namedList } from './named-list.ts';
import { withArchive } from './with-archive.ts';

interface Options {
  /** False with --no-pipermail. */
  readonly pipermail?: string | boolean;
  readonly since?: string;
  readonly timeZone?: string;
  readonly firstNumber?: string;
  readonly findings?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `mailman archive import` */
export const archiveImport: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Bring an mbox into the archive of a list: every message as it is, threaded and searchable, with the addresses ' +
          'that it had in the web archive of Mailman 2.1. Run again, it goes on where it was stopped, or adds what is new.',
      )
      .argument('<LISTSPEC>', 'Posting address or List-Id of the list.')
      .argument('<MBOX>', 'The mbox, also packed by gzip; - is standard input.')
      .option(
        '--pipermail <DIR>',
        "The old web archive (archives/private/LIST); the one in its place beside Mailman 2.1's mbox is found by itself.",
      )
      .option('--no-pipermail', 'Do not look for an old web archive: number messages as it would have.')
      .option('--since <DATE>', 'Leave out older messages: 2019-03-31, or with a time, in UTC.')
      .option(
        '--time-zone <ZONE>',
        'That of the old server, such as Europe/Berlin: its months began at midnight there. Default: that of this one.',
      )
      .option('--first-number <NUMBER>', 'The number that the first message had in the old web archive.', '0')
      .option(
        '--findings <FILE>',
        'Add each repaired or set aside place to this file, with its byte, as a line of JSON: the report names the first 200.',
      )
      .option('-n, --dry-run', 'Read everything and write nothing.')
      .option('--json', 'Report as JSON.')
      .action(async (listSpec: string, file: string, options: Options) => {
        const config = context.config();
        const zone = timeZone(options.timeZone);
        const since = parseSince(options.since);
        const firstNumber = parseNumber(options.firstNumber ?? '0');
        const list = await context.withDatabase(({ connection }) => namedList(connection, listSpec));
        keepMemoryLean();
        const source = await openSource(file);
        const pipermail = await treeFor(file, options.pipermail);
        const progress = openByteProgress('Importing', source.size);
        const findings = openAppended(options.findings);
        const run = { list, traits: listTraits(config, list), source, pipermail, zone, since, firstNumber };
        try {
          const watched = { ...run, onProgress: progress.report, onFindings: findings.append };
          const report = options.dryRun
            ? await importArchive(undefined, watched)
            : await withArchive(context, (archive) => importArchive(archive, watched));
          progress.stop();
          if (options.json) context.printJson(report);
          else for (const line of formatImportReport(report)) context.print(line);
        } finally {
          progress.stop();
          findings.close();
          await source.close();
        }
      });
  },
};

async function openSource(file: string): Promise<MboxSource> {
  return file === '-' ? openMboxStream('standard input', process.stdin) : openMboxFile(file);
}

async function treeFor(file: string, wanted: string | boolean | undefined): Promise<string | undefined> {
  if (typeof wanted === 'string') return wanted;
  return wanted === false || file === '-' ? undefined : treeBeside(file);
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?Z?$/;

function parseSince(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const hasZone = text.endsWith('Z') || text.length === '2019-03-31'.length;
  const time = DATE.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`Invalid value for '--since': '${text}': expected 2019-03-31`);
  return time;
}

function parseNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Invalid value for '--first-number': '${text}': expected a whole number`);
}

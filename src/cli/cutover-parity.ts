import { writeFileSync } from 'node:fs';
import { LogFollower } from '../../compat/cutover/logs/follow-logs.ts';
import { parityPage } from '../../compat/cutover/parity/page.ts';
import { type ListParity, listParity } from '../../compat/cutover/parity/parity.ts';
import { formatParity } from '../../compat/cutover/parity/text.ts';
import { siteIfThere } from '../../compat/cutover/services-context.ts';
import { settlePosts } from '../../compat/cutover/settle.ts';
import type { Site } from '../../migrate/site/site.ts';
import { allCutovers } from '../database/cutover.ts';
import type { Database } from '../database/handle.ts';
import { findList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { earlierBy, parseUtc, type UtcTime, utcNow } from '../model/time.ts';
import { systemResolver } from '../server/resolver.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';

interface Options {
  readonly all?: boolean;
  readonly since?: string;
  readonly json?: boolean;
  readonly html?: string;
}

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** `mailman cutover parity` */
export const parity: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Compare, post by post, what Mailman 2 did with what this server did or would have done: decision, recipients, and ' +
          'where a copy came to a listening address subject, headers and text. Exit status 1 where anything differs without a reason.',
      )
      .argument('[LISTSPEC...]', 'Posting addresses or List-Ids of lists.')
      .option('--all', 'All lists that have a Mailman 2 beside them.')
      .option(
        '--since <TIME>',
        'Only posts since then: 2026-11-20, 2026-11-20T12:00:00Z, or 90m, 12h, 7d ago.',
      )
      .option('--json', 'Report as JSON, with every post.')
      .option('--html <FILE>', 'Also write the report as a page with pictures.')
      .action(async (listSpecs: readonly string[], options: Options) => {
        const since = sinceWhen(options.since);
        const parities = await context.withDatabase(async (database) => {
          const { site } = siteIfThere(context.config());
          const lists = await chosen(database, listSpecs, options);
          // Without it the report says what was noted before.
          if (site) await readLogs(context, database, site);
          const found: ListParity[] = [];
          for (const list of lists) found.push(await listParity(database.connection, site, list, since));
          return found;
        });
        if (options.html !== undefined) writeFileSync(options.html, parityPage(parities, utcNow()));
        if (options.json) context.printJson(parities);
        else for (const line of parities.flatMap(formatParity)) context.print(line);
        if (parities.some(({ different, missing }) => different + missing.length > 0))
          context.setExitStatus(1);
      });
  },
};

/** The server does so each second; without it, the report would be of yesterday. */
async function readLogs(context: CliContext, database: Database, site: Site): Promise<void> {
  const config = context.config();
  const services = {
    config,
    database,
    clock: { now: utcNow },
    log: () => {},
    resolver: systemResolver(config),
  };
  await new LogFollower(services, site).look();
  await settlePosts(services);
}

async function chosen(
  { connection }: Database,
  listSpecs: readonly string[],
  { all }: Options,
): Promise<MailingList[]> {
  const specs = all ? [...(await allCutovers(connection)).keys()] : listSpecs;
  if (!all && specs.length === 0) throw new UsageError('Which list? Name some, or say --all.');
  const lists: MailingList[] = [];
  for (const spec of specs) {
    const list = await findList(connection, spec);
    if (!list) throw new UsageError(`No such list: ${spec}`);
    lists.push(list);
  }
  return lists;
}

/** @throws UsageError */
function sinceWhen(given: string | undefined): UtcTime {
  if (given === undefined) return '0001-01-01T00:00:00.000000Z' as UtcTime;
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(given) ?? [];
  if (count !== undefined) return earlierBy(utcNow(), Number(count) * (SECONDS[unit] ?? 0));
  const time = parseUtc(given.length === 10 ? `${given}T00:00:00Z` : given);
  if (!time) throw new UsageError(`--since: neither a time nor an age: ${given}`);
  return time;
}

/**
 * Measures the web archive against HyperKitty of Debian with SQLite, Xapian and Whoosh, on the same machine with the same
 * mail in the same run: the import of an mbox until all is searchable, the pages over one connection and over eight,
 * searches, and new posts while an import runs. Reading the mbox is measured against Python's mailbox module and grep.
 *
 *     npm run bench:archive -- [--quick] [--ours] [--whoosh] [--growth] [--huge] [--json] [--save]
 *
 * - `--quick`: 1,000 messages (a minute); without it 20,000, which takes HyperKitty four minutes, and our own 100,000
 * - `--ours`: without HyperKitty; its columns stay empty
 * - `--whoosh`: HyperKitty's other search engine as well, whose index takes five minutes more
 * - `--growth`: imports and pages of 5,000 against those of 500,000 messages as well, 100,000 in PostgreSQL (5 GB on
 *   disk, a quarter of an hour); with `--quick`, of 500 against 10,000
 * - `--huge`: the import of one mbox of 4 GB as well, also killed and taken up again (9 GB on disk, half an hour); with
 *   `--quick`, of 200 MB
 * - `--json`: the figures as JSON instead of a table
 * - `--save`: keeps them in bench/results/archive.json as well
 *
 * Times of imports are those of whole processes, from a built `dist`. Needs the Debian packages python3-django-hyperkitty,
 * python3-whoosh, python3-gunicorn, python3-xapian-haystack (without it, Whoosh is compared), and postgresql for
 * the comparison of databases. Everything happens in a temporary folder.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { DatabaseServer } from '../test/peers/database-server.ts';
import { postgresqlServer, startPostgresql } from '../test/peers/postgresql.ts';
import { MissingPeerError } from '../test/peers/throwaway.ts';
import { measureArrivals } from './support/archive-arrivals.ts';
import { measureHugeMbox } from './support/archive-huge.ts';
import { HUGE, writeHugeMbox } from './support/archive-huge-mbox.ts';
import { type ArchiveInstallation, installArchive } from './support/archive-installation.ts';
import { appendLongThread, measureLargeArchive } from './support/archive-large.ts';
import { writeArchiveMbox } from './support/archive-mbox.ts';
import { comparePages, compareSizes, type PageKind, pageKinds } from './support/archive-pages.ts';
import { benchFolder, benchOptions, report } from './support/bench-run.ts';
import { measure, type Usage } from './support/child.ts';
import type { Figure, Target } from './support/figures.ts';
import { type Engine, type Hyperkitty, installHyperkitty } from './support/hyperkitty.ts';
import { announce } from './support/import-steps.ts';
import type { WebServer } from './support/web-server.ts';

const READER = fileURLToPath(new URL('./support/mbox-process.ts', import.meta.url));
const LIST = 'ant@example.com';
const DATABASE = 'bench_archive';

const MEMORY_LIMIT: Target = { kind: 'below', limit: 300e6 };
const SIZE_LIMIT: Target = { kind: 'timesAsLong', atMost: 1.5 };
const PYTHON_READS = `
import mailbox, sys
print(sum(1 for message in mailbox.mbox(sys.argv[1], create=False).iterkeys() if message is not None))
box = mailbox.mbox(sys.argv[1], create=False)
for key in box.iterkeys(): box.get_bytes(key)
`;

const { values: options } = parseArgs({
  options: {
    ...benchOptions,
    whoosh: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
  },
});

const folder = benchFolder('archive');
await report('archive', options, async () => {
  const hyperkitty = options.ours ? undefined : installHyperkitty(join(folder, 'hyperkitty'), options.whoosh);
  if (!hyperkitty && !options.ours)
    throw new Error('There is no HyperKitty here: install python3-django-hyperkitty, or give --ours.');
  return { figures: await run(hyperkitty, options.quick ? 1_000 : 20_000) };
});

async function run(hyperkitty: Hyperkitty | undefined, messages: number): Promise<Figure[]> {
  const mbox = join(folder, 'archive.mbox');
  const bytes = writeArchiveMbox(mbox, messages);
  const figures: Figure[] = [];
  announce(`Ferryman: import of ${messages}`);
  const ours = installArchive(join(folder, 'ferryman'));
  const usage = importInto(ours, mbox, messages);
  const peer = hyperkitty && againstHyperkitty(hyperkitty, mbox, messages);
  const target: Target | undefined =
    peer && !options.quick ? { kind: 'timesFaster', atLeast: 20 } : undefined;
  for (const { engine, indexed } of peer?.indexes ?? [{ engine: undefined, indexed: undefined }]) {
    figures.push({
      what: `stored, threaded, searchable: ${messages}`,
      ...importRate(messages, usage, peer && indexed && { imported: peer.imported, indexed, engine }),
      target,
    });
  }
  figures.push({
    ...{ what: '  its peak memory', unit: 'bytes', ours: usage.peakBytes, target: MEMORY_LIMIT },
    against: peer && { name: 'HyperKitty', value: peer.imported.peakBytes },
  });
  const size = ours.size();
  figures.push({
    ...{ what: '  database and index', unit: 'bytes', ours: size },
    // A small archive is all overhead.
    target: options.quick ? undefined : SIZE_LIMIT,
    against: { name: 'the mbox', value: bytes },
  });
  for (const { engine, size: theirs } of peer?.indexes ?? [])
    figures.push({
      ...{ what: '  database and index', unit: 'bytes', ours: size, target: undefined },
      against: { name: nameOf(engine), value: theirs.database + theirs.index },
    });
  figures.push(...reading(mbox), ...(await onPostgresql(mbox, messages, usage, hyperkitty, peer)));
  figures.push(...(await large()));
  figures.push(...(await served('SQLite', ours, hyperkitty, mbox, pageKinds(LIST, messages))));
  if (options.growth) figures.push(...(await growth()));
  if (options.huge) figures.push(...huge());
  return figures;
}

interface TheirImport {
  readonly imported: Usage;
  readonly indexed: Usage;
  readonly engine: Engine | undefined;
}

function importRate(messages: number, usage: Usage, theirs: TheirImport | undefined) {
  return {
    unit: 'perSecond',
    ours: messages / usage.seconds,
    against: theirs && {
      name: nameOf(theirs.engine),
      value: messages / (theirs.imported.seconds + theirs.indexed.seconds),
    },
    // Processor time per message, the smaller the better. That of a database server is not in it.
    cpu: {
      ours: usage.cpuSeconds,
      against: theirs && theirs.imported.cpuSeconds + theirs.indexed.cpuSeconds,
    },
  } as const;
}

function nameOf(engine: Engine | undefined): string {
  return `HyperKitty, ${engine === 'xapian' ? 'Xapian' : 'Whoosh'}`;
}

/** Pages of both, and posts that arrive. */
async function served(
  name: string,
  ours: ArchiveInstallation,
  hyperkitty: Hyperkitty | undefined,
  mbox: string,
  kinds: readonly PageKind[],
): Promise<Figure[]> {
  const lists = { post: 'bee@example.com', imported: 'cat@example.com' };
  for (const list of Object.values(lists)) ours.create(list, 'member0@example.org');
  const server = await ours.serve();
  try {
    const pages = await pagesAgainst(hyperkitty, server, kinds);
    announce('posts during an import');
    return [...pages, ...(await measureArrivals(name, ours, server, lists, mbox))];
  } finally {
    await server.end();
  }
}

/** Our pages against HyperKitty's, and searches against those of each of its engines. */
async function pagesAgainst(
  hyperkitty: Hyperkitty | undefined,
  server: WebServer,
  kinds: readonly PageKind[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const engine of hyperkitty?.engines ?? []) {
    announce(`pages against ${nameOf(engine)}`);
    const theirs = await hyperkitty?.serve(engine);
    if (!theirs) continue;
    try {
      const compared = kinds.filter(
        ({ name }) => engine === hyperkitty?.engines[0] || name.includes('search'),
      );
      const seconds = options.quick ? 1 : 2;
      const peer = { name: nameOf(engine), server: theirs };
      figures.push(...(await comparePages(compared, server, peer, seconds, !options.quick)));
    } finally {
      await theirs.end();
    }
  }
  return figures;
}

function importInto(archive: ArchiveInstallation, mbox: string, messages: number): Usage {
  const usage = archive.importMbox(LIST, mbox);
  if (!usage.stdout.includes(`"added": ${messages},`)) throw new Error(`not all were added: ${usage.stdout}`);
  return usage;
}

function againstHyperkitty(hyperkitty: Hyperkitty, mbox: string, messages: number) {
  announce(`HyperKitty: import of ${messages}`);
  hyperkitty.reset();
  const imported = hyperkitty.importMbox(LIST, mbox);
  const indexes = hyperkitty.engines.map((engine) => {
    announce(`${nameOf(engine)}: index`);
    const indexed = hyperkitty.index(engine);
    return { engine, indexed, size: hyperkitty.size(engine) };
  });
  return { imported, indexes };
}

/** Telling the messages of the file apart, nothing more. */
function reading(mbox: string): Figure[] {
  announce('reading the file');
  const ours = measure(folder, [process.execPath, READER, mbox]);
  const python = measure(folder, ['/usr/bin/python3', '-c', PYTHON_READS, mbox]);
  const grep = measure(folder, ['/usr/bin/grep', '-c', '-a', '^From ', mbox], { LC_ALL: 'C' });
  const megabytes = statSync(mbox).size / 1e6;
  const figure = (name: string, other: Usage): Figure => ({
    ...{ what: 'reading the file, MB', unit: 'perSecond', ours: megabytes / ours.seconds, target: undefined },
    against: { name, value: megabytes / other.seconds },
  });
  return [figure("Python's mailbox", python), figure('grep', grep)];
}

/** The same with PostgreSQL, which has to be half as good, and no larger. */
async function onPostgresql(
  mbox: string,
  messages: number,
  embedded: Usage,
  hyperkitty: Hyperkitty | undefined,
  peer: ReturnType<typeof againstHyperkitty> | undefined,
): Promise<Figure[]> {
  announce(`Ferryman with PostgreSQL: import of ${messages}`);
  return withPostgresql(async ({ execute }, url) => {
    const archive = installArchive(join(folder, 'server'), url);
    const usage = importInto(archive, mbox, messages);
    const [row] = await execute(DATABASE, `SELECT pg_database_size('${DATABASE}')::float8 AS octets`);
    const judged = (target: Target): Target | undefined => (options.quick ? undefined : target);
    const [first] = peer?.indexes ?? [];
    const imports: Figure[] = first
      ? [
          {
            what: `the same in PostgreSQL: ${messages}`,
            ...importRate(messages, usage, peer && { imported: peer.imported, ...first }),
            target: judged({ kind: 'timesFaster', atLeast: 10 }),
          },
        ]
      : [];
    const figures: Figure[] = [
      ...imports,
      {
        ...{ what: first ? '  the same' : `the same in PostgreSQL: ${messages}`, unit: 'perSecond' },
        ...{ ours: messages / usage.seconds, target: undefined },
        against: { name: 'our own SQLite', value: messages / embedded.seconds },
      },
      {
        ...{ what: '  database and index there', unit: 'bytes', ours: Number(row?.octets) },
        against: { name: 'the mbox', value: statSync(mbox).size },
        target: judged(SIZE_LIMIT),
      },
    ];
    const kinds = pageKinds(LIST, messages).map(({ name, target, ...paths }) => ({
      ...paths,
      name: `PostgreSQL: ${name}`,
      target: half(target),
    }));
    return [...figures, ...(await served('PostgreSQL', archive, hyperkitty, mbox, kinds))];
  });
}

function half(target: Target): Target {
  return target.kind === 'timesFaster' ? { ...target, atLeast: target.atLeast / 2 } : target;
}

/** Nothing where there is no PostgreSQL. @param work gets an empty database */
async function withPostgresql(
  work: (server: DatabaseServer, url: string) => Promise<Figure[]>,
): Promise<Figure[]> {
  try {
    const started = await startPostgresql();
    try {
      const server = postgresqlServer(started.address);
      await server.createDatabase(DATABASE);
      return await work(server, configured(server.url(DATABASE)));
    } finally {
      await started.stop();
    }
  } catch (error) {
    if (!(error instanceof MissingPeerError)) throw error;
    announce(`  left out: ${error.message}`);
    return [];
  }
}

/** As it is written in a configuration file. */
function configured(url: string): string {
  return url.replaceAll('$', '$$$$');
}

/** What readers wait for in an archive of 100,000, in both databases. */
async function large(): Promise<Figure[]> {
  const messages = options.quick ? 5_000 : 100_000;
  const mbox = join(folder, 'large.mbox');
  announce(`Ferryman: searches in ${messages}`);
  writeArchiveMbox(mbox, messages);
  appendLongThread(mbox);
  const one = { list: LIST, mbox, messages };
  const sqlite = installArchive(join(folder, 'large'));
  return [
    ...(await measureLargeArchive(sqlite, { ...one, name: 'SQLite' })),
    ...(await withPostgresql((_, url) => {
      announce(`Ferryman with PostgreSQL: searches in ${messages}`);
      const archive = installArchive(join(folder, 'large-server'), url);
      return measureLargeArchive(archive, { ...one, name: 'PostgreSQL' });
    })),
  ];
}

/** Rates and pages of a large archive against those of a small one, in both databases. */
async function growth(): Promise<Figure[]> {
  const at = (name: string, messages: number) => join(folder, `grown-${name}-${messages}`);
  const sizes = options.quick ? [500, 10_000] : [5_000, 500_000];
  return [
    ...(await grown('SQLite', sizes, async (messages) => installArchive(at('sqlite', messages)))),
    ...(await withPostgresql((server) =>
      grown('PostgreSQL', options.quick ? sizes : [5_000, 100_000], async (messages) => {
        const database = `${DATABASE}_${messages}`;
        await server.createDatabase(database);
        return installArchive(at('server', messages), configured(server.url(database)));
      }),
    )),
  ];
}

async function grown(
  name: string,
  sizes: readonly number[],
  install: (messages: number) => Promise<ArchiveInstallation>,
): Promise<Figure[]> {
  const archives = [];
  for (const messages of sizes) {
    announce(`Ferryman with ${name}: import of ${messages}`);
    const mbox = join(folder, 'grown.mbox');
    writeArchiveMbox(mbox, messages);
    const archive = await install(messages);
    archives.push({ messages, archive, rate: messages / importInto(archive, mbox, messages).seconds });
  }
  const [small, large] = archives;
  if (!small || !large) return [];
  announce('pages of both');
  const servers = [await small.archive.serve(), await large.archive.serve()];
  try {
    const [one, other] = servers;
    if (!one || !other) return [];
    const target: Target = { kind: 'timesFaster', atLeast: 0.8 };
    const against = { name: String(small.messages), value: small.rate };
    return [
      { what: `${name}: import of ${large.messages}`, unit: 'perSecond', ours: large.rate, against, target },
      ...(await compareSizes(
        LIST,
        { messages: large.messages, server: other },
        { messages: small.messages, server: one },
        3,
      )),
    ];
  } finally {
    for (const server of servers) await server.end();
  }
}

/** One mbox larger than any memory that an import may take. */
function huge(): Figure[] {
  const mails = options.quick ? HUGE / 20 : HUGE;
  const mbox = join(folder, 'huge.mbox');
  const bytes = writeHugeMbox(mbox, mails);
  announce(`Ferryman: import of ${bytes / 1e6} MB`);
  return measureHugeMbox(folder, { mbox, mails, bytes });
}

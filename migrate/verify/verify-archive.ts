import type { TimeZone } from '../../src/archiving/legacy/time-zone.ts';
import { articleName } from '../../src/archiving/legacy/volumes.ts';
import type { ArchiveReader } from '../../src/archiving/store/archive.ts';
import type { ListTraits } from '../../src/archiving/store/incoming.ts';
import type { ArchivedMessage } from '../../src/archiving/store/types.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type BatchEntry, type BatchMessage, prepareBatch } from '../archive/batch.ts';
import { EntryPlaces } from '../archive/entry-places.ts';
import { lastRunOf, openMboxFile, treeBeside } from '../archive/index.ts';
import type { MboxSource } from '../archive/mbox-file.ts';
import { emptyCounts } from '../archive/report.ts';
import { INITIAL } from '../archive/state.ts';
import { readMbox } from '../mbox/reader.ts';
import { type PipermailTree, readTree } from '../pipermail/tree.ts';
import { fileAt, type TreeFile, treeFiles } from '../pipermail/tree-files.ts';
import { archiveSize } from '../site/archives.ts';
import type { Site } from '../site/site.ts';
import type { Difference } from './verify-list.ts';

/** What of the archive of a list was compared. */
export interface VerifiedArchive {
  readonly compared: {
    readonly messages: number;
    readonly attachments: number;
    /** Old addresses of messages. */
    readonly links: number;
    /** Files of pipermail that are kept as they were. */
    readonly files: number;
  };
  /** Messages that arrived here themselves while Mailman 2 wrote its mbox: each server has headers of its own. */
  readonly arrived_here: number;
  /** Messages that Mailman 2 has written since the archive was brought over: another `migrate run` brings them. */
  readonly come_since: number;
  /** What nobody can read there either; not differences. */
  readonly damaged_there: readonly string[];
  readonly differences: readonly Difference[];
  /** Also those that are not named. */
  readonly difference_count: number;
}

/** What the comparison has to know. */
export interface ArchiveToVerify {
  /** The name in the site. */
  readonly name: string;
  readonly list: MailingList;
  readonly traits: ListTraits;
  readonly zone: TimeZone;
  /** Called with the octets of the mbox that are done. */
  readonly onProgress: (bytes: number) => void;
}

/** More are counted, and not named. */
const MOST_DIFFERENCES = 1000;
const BATCH = 200;
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Reads the mbox and the pipermail tree of a list again and compares them with the archive, message by message: the bytes,
 * the attachments, and where each old address leads.
 * @returns undefined where Mailman 2 has no mbox
 * @throws DatabaseError
 */
export async function verifyArchive(
  archive: ArchiveReader,
  site: Pick<Site, 'path'>,
  wanted: ArchiveToVerify,
): Promise<VerifiedArchive | undefined> {
  const { mbox, mbox_bytes, problem } = archiveSize(site, wanted.name);
  if (mbox === null && problem === null) return undefined;
  const archived = await archive.list(wanted.list.listId);
  const comparison = new ArchiveComparison(archive, archived?.id, wanted);
  if (problem !== null) comparison.differ('archive', problem, undefined, undefined);
  if (mbox === null) return comparison.outcome;
  if (!archived) {
    if (mbox_bytes > 0) comparison.differ('archive', 'archive', `${mbox_bytes} octets`, undefined);
    return comparison.outcome;
  }
  try {
    const source = await openMboxFile(mbox);
    try {
      const folder = await treeBeside(mbox);
      await comparison.run(source, folder === undefined ? undefined : await readTree(folder));
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    comparison.differ('archive', error.message, undefined, undefined);
  }
  return comparison.outcome;
}

class ArchiveComparison {
  readonly #archive: ArchiveReader;
  readonly #id: number;
  readonly #wanted: ArchiveToVerify;
  readonly #differences: Difference[] = [];
  readonly #damagedThere: string[] = [];
  /** Messages here that were found: each stands for one there. */
  readonly #taken = new Set<number>();
  #count = 0;
  #messages = 0;
  #attachments = 0;
  #links = 0;
  #files = 0;
  #arrivedHere = 0;
  #comeSince = 0;
  /** Up to where the mbox was read when it was brought over. */
  #broughtUntil = Number.POSITIVE_INFINITY;

  constructor(archive: ArchiveReader, id: number | undefined, wanted: ArchiveToVerify) {
    this.#archive = archive;
    this.#id = id ?? 0;
    this.#wanted = wanted;
  }

  get outcome(): VerifiedArchive {
    return {
      compared: {
        messages: this.#messages,
        attachments: this.#attachments,
        links: this.#links,
        files: this.#files,
      },
      arrived_here: this.#arrivedHere,
      come_since: this.#comeSince,
      damaged_there: this.#damagedThere,
      differences: this.#differences,
      difference_count: this.#count,
    };
  }

  async run(source: MboxSource, tree: PipermailTree | undefined): Promise<void> {
    const run = await lastRunOf(this.#archive, this.#id, source, tree);
    if (run?.finished) this.#broughtUntil = run.offset;
    await this.#compareMbox(source, tree);
    if (!tree) return;
    this.#damagedThere.push(...tree.problems);
    const damaged = (path: string, problem: string) => this.#damagedThere.push(`${path}: ${problem}`);
    for await (const file of treeFiles(tree.root, damaged)) await this.#compareFile(file);
    for (const page of tree.pages.unused()) {
      const path = `${tree.pages.volume(page)}/${articleName(tree.pages.number(page))}`;
      if (await this.#archive.messageByOldPath(this.#id, path)) continue;
      const file = await fileAt(tree.root, path);
      if (file) await this.#compareFile(file);
    }
  }

  async #compareMbox(source: MboxSource, tree: PipermailTree | undefined): Promise<void> {
    const { list, zone } = this.#wanted;
    const frequency = list.settings.archive_volume_frequency;
    const traits = { frequency, zone, now: Date.now() / 1000, pages: tree?.pages };
    const places = new EntryPlaces(traits, INITIAL.numbering, 0);
    let running = { counts: emptyCounts, neighbour: INITIAL.neighbour };
    let batch: BatchEntry[] = [];
    let bytes = 0;
    let preamble: BatchEntry['preamble'];
    const compareBatch = async (): Promise<void> => {
      const preparing = { traits: this.#wanted.traits, since: undefined, run: undefined };
      const prepared = prepareBatch(batch, preparing, undefined, running);
      running = { counts: emptyCounts, neighbour: prepared.after.neighbour };
      for (const [at, item] of batch.entries()) {
        const message = prepared.messages[at];
        if (message) await this.#compareMessage(item, message);
      }
      const last = batch.at(-1)?.entry;
      if (last) this.#wanted.onProgress(last.offset + last.bytes.length);
      batch = [];
      bytes = 0;
    };
    for await (const entry of readMbox(source.read(0), { start: 0 })) {
      if (!entry.isMessage) {
        preamble = entry;
        continue;
      }
      if (batch.length >= BATCH || (batch.length > 0 && bytes + entry.bytes.length > BATCH_BYTES))
        await compareBatch();
      const before = places.numbering;
      const place = places.place(entry);
      const numbering = { before, after: places.numbering };
      batch.push({ entry, preamble, place, numbering, shift: places.shift });
      bytes += entry.bytes.length;
      preamble = undefined;
    }
    await compareBatch();
  }

  async #compareMessage({ entry, preamble }: BatchEntry, { prepared, paths }: BatchMessage): Promise<void> {
    this.#messages += 1;
    const subject = `message at octet ${entry.offset}, <${prepared.messageId}>`;
    const bytes = preamble ? Buffer.concat([preamble.bytes, entry.bytes]) : entry.bytes;
    const leadsTo = await this.#leadsTo(paths[0]);
    const found = await this.#find(bytes, prepared, leadsTo);
    if (!found && entry.offset >= this.#broughtUntil) {
      this.#comeSince += 1;
      return;
    }
    if (!found) {
      this.differ('archive_message', subject, `${bytes.length} octets`, undefined);
      return;
    }
    for (const path of paths) {
      this.#links += 1;
      const target = path === paths[0] ? leadsTo : await this.#leadsTo(path);
      if (target?.id !== found.id)
        this.differ('archive_link', path, `<${prepared.messageId}>`, target && `<${target.messageId}>`);
    }
    if (found.arrived) {
      this.#arrivedHere += 1;
      return;
    }
    const here = prepared.attachments.length > 0 ? await this.#archive.attachments(found.id) : [];
    this.#attachments += prepared.attachments.length;
    for (const { part, name, type, size } of prepared.attachments) {
      const same = here.find((one) => one.part === part);
      if (same?.name !== name || same.type !== type || same.size !== size)
        this.differ(
          'archive_message',
          `${subject}, attachment ${part}`,
          `${name} ${type} ${size}`,
          same && `${same.name} ${same.type} ${same.size}`,
        );
    }
  }

  async #leadsTo(path: string | undefined): Promise<ArchivedMessage | undefined> {
    return path === undefined ? undefined : this.#archive.messageByOldPath(this.#id, path);
  }

  /** The message here that is the same: first the one that the old address leads to. */
  async #find(
    bytes: Buffer,
    { hash, date }: BatchMessage['prepared'],
    leadsTo: ArchivedMessage | undefined,
  ): Promise<{ readonly id: number; readonly arrived: boolean } | undefined> {
    const copies = await this.#archive.messagesByHash(this.#id, hash);
    const first = leadsTo === undefined ? [] : [leadsTo];
    const others = copies.filter(({ id }) => id !== leadsTo?.id);
    let arrived: number | undefined;
    for (const { id, date: stored } of [...first, ...others].filter((one) => !this.#taken.has(one.id))) {
      const content = await this.#archive.content(id);
      if (content?.source.equals(bytes)) {
        this.#taken.add(id);
        return { id, arrived: false };
      }
      if (content?.separator.length === 0 && stored === date) arrived ??= id;
    }
    return arrived === undefined ? undefined : { id: arrived, arrived: true };
  }

  async #compareFile(file: TreeFile): Promise<void> {
    this.#files += 1;
    const here = await this.#archive.oldFile(this.#id, file.path);
    if (!here) return this.differ('archive_file', file.path, `${file.size} octets`, undefined);
    const content = await file.read().catch(() => undefined);
    if (!content) this.#damagedThere.push(`${file.path}: cannot be read`);
    else if (!content.equals(here.content))
      this.differ('archive_file', file.path, `${file.size} octets`, `${here.content.length} other octets`);
  }

  differ(
    kind: Difference['kind'],
    subject: string,
    source: string | undefined,
    here: string | undefined,
  ): void {
    this.#count += 1;
    if (this.#differences.length >= MOST_DIFFERENCES) return;
    const { name } = this.#wanted;
    this.#differences.push({ list: name, kind, subject, source: source ?? null, here: here ?? null });
  }
}

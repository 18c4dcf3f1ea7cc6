import type { Config } from '../config/index.ts';
import type { Connection } from '../database/handle.ts';
import { findLists } from '../database/lists.ts';
import { Message } from '../message/message.ts';
import type { MailingList } from '../model/mailing-list.ts';
import { parseUtc, type UtcTime } from '../model/time.ts';
import type { Consumer, EntryKeeper } from '../queue/engine.ts';
import type { QueueEntry } from '../queue/entry.ts';
import { later } from '../queue/later.ts';
import type { Archiver } from './archivers/archiver.ts';
import { ArchivingError } from './archivers/archiver.ts';
import { withClobberedDate } from './archivers/clobber-date.ts';
import { archivers as ownArchivers } from './archivers/index.ts';
import { webArchiver } from './archivers/web.ts';
import type { Archive } from './store/archive.ts';
import { openArchive } from './store/open.ts';

/** Posts at once: archivers on the network take their time, and our own takes many together. */
const CONCURRENCY = 32;

/** Pause before the second attempt; each further one doubles it up to the longest, in seconds. */
const FIRST_PAUSE = 15;
const LONGEST_PAUSE = 900;

/** What works on the queue `archive`. */
export interface ArchiveWork {
  readonly consumer: Consumer;
  /** The archive, for reading; opened when it is first needed. @throws DatabaseError, and tries anew the next time */
  open(): Promise<Archive>;
  /** Closes the archive, after the queue has stopped. */
  close(): Promise<void>;
}

interface NamedArchiver {
  readonly name: string;
  readonly archiver: Archiver;
}

/**
 * Gives posts to all archivers that are enabled, each by itself: one that fails gets the post again later, the others
 * not. What could not be archived for `[mta] delivery_retry_period` is shunted, where it is kept.
 */
export function createArchiveWork(
  config: Config,
  table: Partial<typeof ownArchivers> = ownArchivers,
): ArchiveWork {
  const store = new SharedArchive(config);
  const lists = new SharedLists();
  const enabled: NamedArchiver[] = [...config.archivers.values()].flatMap(({ name, enable, kind }) => {
    const archiver = enable && kind ? table[kind] : undefined;
    return archiver ? [{ name, archiver }] : [];
  });
  if (config.archive.enabled) enabled.unshift({ name: WEB, archiver: webArchiver(() => store.open()) });
  return {
    consumer: {
      concurrency: CONCURRENCY,
      consume: (entry, keeper) => archiveEntry(entry, keeper, enabled, lists),
    },
    open: () => store.open(),
    close: () => store.close(),
  };
}

/** The name of our own archive among archivers. */
const WEB = 'web';

async function archiveEntry(
  entry: QueueEntry,
  keeper: EntryKeeper,
  enabled: readonly NamedArchiver[],
  lists: SharedLists,
): Promise<void> {
  const { services } = keeper;
  const { metadata } = entry;
  const list = await lists.find(services.database.connection, metadata.listid ?? '');
  const left = enabled.filter(({ name }) => metadata.archivers_left?.includes(name) ?? true);
  const failures = list ? await archiveIn(left, list, entry, keeper) : [];
  if (failures.length === 0) {
    await keeper.inStep(entry, (step) => keeper.finish(step, entry));
    return;
  }
  const now = services.clock.now();
  const until = metadata.deliver_until ?? later(now, services.config.mta.delivery_retry_period);
  const names = failures.map(({ name }) => name);
  const reason = failures.map(({ name, message }) => `${name}: ${message}`).join('; ');
  if (now > until) throw new ArchivingError(`Archiving was given up; ${reason}`);
  services.log('archiver', `A post to ${metadata.listid} waits for the archive; ${reason}`);
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(entry.attempts, 10));
  await keeper.inStep(entry, (step) =>
    keeper.putBack(step, entry, {
      runAt: later(now, pause),
      metadata: { ...metadata, archivers_left: names, deliver_until: until },
      attempts: entry.attempts + 1,
      error: reason,
    }),
  );
}

interface Failure {
  readonly name: string;
  readonly message: string;
}

/** Tries all of them at once. @returns those that failed */
async function archiveIn(
  left: readonly NamedArchiver[],
  list: MailingList,
  entry: QueueEntry,
  keeper: EntryKeeper,
): Promise<Failure[]> {
  const { services } = keeper;
  const now = services.clock.now();
  const receivedAt: UtcTime = parseUtc(entry.metadata.received_time ?? '') ?? now;
  const results = await Promise.all(
    left.map(async ({ name, archiver }): Promise<Failure | undefined> => {
      try {
        if (list.settings.disabled_archivers.includes(name) || !archiver.wants(list)) return undefined;
        const message = Message.parse(entry.message);
        const section = services.config.archivers.get(name);
        if (section) withClobberedDate(message, section, receivedAt);
        await archiver.archive(
          { list, message, receivedAt },
          { ...services, name, inStep: (work) => keeper.inStep(entry, work) },
        );
        return undefined;
      } catch (error) {
        return { name, message: (error as Error).message };
      }
    }),
  );
  return results.filter((failure) => failure !== undefined);
}

/** Posts to one list that come together read it once. */
class SharedLists {
  readonly #asked = new Map<string, Promise<MailingList | undefined>>();

  find(connection: Connection, listId: string): Promise<MailingList | undefined> {
    const asked = this.#asked.get(listId);
    if (asked) return asked;
    const answer = findLists(connection, [listId])
      .then(([list]) => list)
      .finally(() => this.#asked.delete(listId));
    this.#asked.set(listId, answer);
    return answer;
  }
}

/** The archive, opened for the first post, and anew after it could not be. */
class SharedArchive {
  readonly #config: Config;
  #archive: Promise<Archive> | undefined;

  constructor(config: Config) {
    this.#config = config;
  }

  open(): Promise<Archive> {
    if (!this.#archive) {
      const opening = openArchive(this.#config);
      this.#archive = opening;
      opening.catch(() => {
        if (this.#archive === opening) this.#archive = undefined;
      });
    }
    return this.#archive;
  }

  async close(): Promise<void> {
    const archive = await this.#archive?.catch(() => undefined);
    this.#archive = undefined;
    await archive?.close();
  }
}

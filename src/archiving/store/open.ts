import type { Config } from '../../config/index.ts';
import { openDatabase } from '../../database/connection.ts';
import { DatabaseError, isUnreachable } from '../../database/failures.ts';
import type { Connection, Database } from '../../database/handle.ts';
import { type DatabaseLocation, hidePassword, parseDatabaseUrl } from '../../database/url.ts';
import { addMessages } from './add.ts';
import { addPosts } from './add-posts.ts';
import { writeOldPaths } from './add-rows.ts';
import type { Archive, ArchiveReader, ArchiveWriter } from './archive.ts';
import { contentsOf, Dictionaries } from './content.ts';
import { deleteMessages } from './delete.ts';
import { dictionaryOf } from './dictionary.ts';
import { ArchiveError } from './errors.ts';
import { presentName, presentNames } from './former-names.ts';
import type { ArrivingPost } from './incoming.ts';
import { mboxOf } from './mbox.ts';
import { archiveSchema } from './migrations/index.ts';
import { saveOldFile, selectOldFile, selectOldPaths } from './old-files.ts';
import { PostThread } from './post-thread.ts';
import { selectList, selectLists, selectMonths, selectPosters } from './read-lists.ts';
import {
  attachmentsOf,
  messageById,
  messageByNumber,
  messageByOldPath,
  messageNeighbours,
  messagePlace,
  messagesByHash,
  selectNewest,
  threadMessages,
} from './read-messages.ts';
import { activeThreads, monthThreads, recentThreads, threadById, threadNeighbours } from './read-threads.ts';
import { rebuildList } from './rebuild.ts';
import { findRun, openRun, saveRun } from './runs.ts';
import { searchIn } from './search/search-in.ts';
import { SearchThread } from './search/search-thread.ts';
import { senderByAddress, senderById } from './senders.ts';
import { archiveStats } from './stats.ts';
import type { SearchQuery, SearchResult } from './types.ts';
import { deleteList, moveList, openList } from './write-lists.ts';

/**
 * Opens the archive that `[archive] url` names, bringing its schema up to date first.
 * @throws DatabaseError; where the URL leads nowhere or to MariaDB, the message begins with file, line, section and key
 */
export async function openArchive(config: Pick<Config, 'archive' | 'where'>): Promise<Archive> {
  const { url } = config.archive;
  try {
    return await openArchiveAt(url);
  } catch (error) {
    const isTheirs =
      error instanceof ArchiveError || (error instanceof DatabaseError && isUnreachable(error));
    if (!isTheirs) throw error;
    const message = `${config.where('archive', 'url')}: ${error.message}`;
    throw error instanceof ArchiveError
      ? new ArchiveError(message)
      : new DatabaseError(`${message}, expected one that can be opened`, {
          cause: error,
          ...(error.code === undefined ? {} : { code: error.code }),
        });
  }
}

/** @param url as in `[archive] url` @throws ArchiveError for MariaDB, DatabaseError */
export async function openArchiveAt(url: string): Promise<Archive> {
  const location = parseDatabaseUrl(url);
  if (location.dialect === 'mysql')
    throw new ArchiveError(
      `${hidePassword(url)} is a MariaDB or MySQL database; the archive is kept in SQLite (sqlite:////FILE) or PostgreSQL`,
    );
  const writer = await openDatabase(url, { schema: archiveSchema });
  try {
    // A writer that waits for its turn on a SQLite file must not keep pages waiting.
    const isFile = location.dialect === 'sqlite' && !isInMemory(location);
    const reader = isFile ? await openDatabase(url, { schema: archiveSchema }) : writer;
    const search = isInMemory(location) ? undefined : new SearchThread(url);
    const post = isInMemory(location) ? undefined : new PostThread(url);
    return archiveOf(writer, reader, { search, post });
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Such a database is seen by nobody but its connection. */
function isInMemory(location: DatabaseLocation): boolean {
  return location.dialect === 'sqlite' && location.filename === ':memory:';
}

/** Octets of a post from which on a copy of it for a thread costs more than the time that the thread saves. */
const LARGE_POST = 1_000_000;

function isLarge({ bytes }: ArrivingPost): boolean {
  return bytes.length > LARGE_POST;
}

interface ArchiveThreads {
  readonly search: SearchThread | undefined;
  readonly post: PostThread | undefined;
}

function archiveOf(writer: Database, reader: Database, threads: ArchiveThreads): Archive {
  const dictionaries = new Dictionaries();
  const search = (query: SearchQuery): Promise<SearchResult> =>
    threads.search?.search(query) ?? searchIn(reader, dictionaries, query);
  const add = (listId: string, posts: readonly ArrivingPost[]): Promise<void> =>
    threads.post && !posts.some(isLarge) ? threads.post.add(listId, posts) : addPosts(writer, listId, posts);
  return {
    dialect: writer.dialect,
    ...readerOf(reader.connection, dictionaries, search),
    prepareSearch: () => threads.search?.begin(),
    ...writerOf(writer, dictionaries),
    addPosts: add,
    close: async () => {
      await threads.search?.close();
      await threads.post?.close();
      if (reader !== writer) await reader.close();
      await writer.close();
    },
  };
}

function readerOf(
  connection: Connection,
  dictionaries: Dictionaries,
  search: (query: SearchQuery) => Promise<SearchResult>,
): Omit<ArchiveReader, 'prepareSearch'> {
  return {
    lists: () => selectLists(connection),
    list: (listId) => selectList(connection, listId),
    presentName: (listSpec) => presentName(connection, listSpec),
    presentNames: (listName) => presentNames(connection, listName),
    months: (list) => selectMonths(connection, list),
    topPosters: (list, limit) => selectPosters(connection, list, limit),
    recentThreads: (list, page) => recentThreads(connection, list, page),
    activeThreads: (list, since, limit) => activeThreads(connection, list, since, limit),
    monthThreads: (list, year, month, page) => monthThreads(connection, list, year * 12 + month - 1, page),
    thread: (id) => threadById(connection, id),
    threadMessages: (id, page) => threadMessages(connection, id, page),
    threadNeighbours: (one) => threadNeighbours(connection, one),
    message: (id) => messageById(connection, id),
    messageByHash: async (list, hash, copy = 0) => (await messagesByHash(connection, list, hash, copy, 1))[0],
    messagesByHash: (list, hash) => messagesByHash(connection, list, hash),
    messageByNumber: (list, number) => messageByNumber(connection, list, number),
    messageByOldPath: (list, path) => messageByOldPath(connection, list, path),
    messagePlace: (message) => messagePlace(connection, message),
    messageNeighbours: (message) => messageNeighbours(connection, message),
    messages: (selection, page) => selectNewest(connection, selection, page),
    content: async (message) => (await contentsOf(connection, dictionaries, [message])).get(message),
    contents: (messages) => contentsOf(connection, dictionaries, messages),
    attachments: async (message) => (await attachmentsOf(connection, [message])).get(message) ?? [],
    attachmentsOf: (messages) => attachmentsOf(connection, messages),
    mbox: (selection, form = 'exact') => mboxOf(connection, dictionaries, selection, form === 'quoted'),
    sender: (id) => senderById(connection, id),
    senderByAddress: (address) => senderByAddress(connection, address),
    search,
    oldFile: (list, path) => selectOldFile(connection, list, path),
    oldPaths: (list, page) => selectOldPaths(connection, list, page),
    run: (list, identity) => findRun(connection, list, identity),
    stats: (list) => archiveStats(connection, list),
  };
}

function writerOf(database: Database, dictionaries: Dictionaries): Omit<ArchiveWriter, 'addPosts'> {
  const { quick } = database;
  return {
    openList: (listId) => database.transaction((connection) => openList(connection, listId)),
    dictionary: (list) => dictionaryOf(database.connection, list),
    add: (list, messages, run) => {
      const work = async (connection: Connection) => {
        const added = await addMessages(connection, list, messages);
        if (run) await saveRun(connection, run, false);
        return added;
      };
      // What a power failure undoes, the import does again from where its run stood.
      return run && quick ? quick.transaction(work) : database.transaction(work);
    },
    flush: async () => quick?.flush(),
    setOldPaths: (list, paths) =>
      database.transaction((connection) =>
        writeOldPaths(
          connection,
          paths.map(({ path, message }) => ({ list, path, message })),
        ),
      ),
    setOldFile: (list, path, file) =>
      database.transaction((connection) => saveOldFile(connection, list, path, file)),
    openRun: (list, identity) => database.transaction((connection) => openRun(connection, list, identity)),
    saveRun: (run) => database.transaction((connection) => saveRun(connection, run, run.finished)),
    deleteMessages: (messages) => database.transaction((connection) => deleteMessages(connection, messages)),
    deleteList: (listId) => deleteList(database, listId),
    moveList: (listId, newListId) =>
      database.transaction((connection) => moveList(connection, listId, newListId)),
    rebuild: (list, prepare, onProgress) => rebuildList(database, dictionaries, list, prepare, onProgress),
  };
}

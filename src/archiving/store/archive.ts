import type { Dialect } from '../../database/handle.ts';
import type { Added, ArrivingPost, Dictionary, PreparedMessage, SourceMessage } from './incoming.ts';
import type {
  ArchivedAttachment,
  ArchivedList,
  ArchivedMessage,
  ArchivedThread,
  ArchiveStats,
  ImportRun,
  MboxSelection,
  MessageContent,
  MonthCount,
  Neighbours,
  OldFile,
  Page,
  PageRequest,
  Poster,
  SearchQuery,
  SearchResult,
  Sender,
  ThreadMessage,
} from './types.ts';

/**
 * The archive: what its pages read, what importers and the living archive write. Lists, messages and threads are named
 * by the keys that the archive gives them. All reading is bounded: no call costs more in a larger archive.
 */
export interface Archive extends ArchiveReader, ArchiveWriter {
  readonly dialect: Dialect;
  close(): Promise<void>;
}

/** All throw DatabaseError where the database cannot be used. */
export interface ArchiveReader {
  /** By List-Id. */
  lists(): Promise<ArchivedList[]>;
  list(listId: string): Promise<ArchivedList | undefined>;
  /** The present List-Id of the archive that had this one, or that of this posting address, before it was moved. */
  presentName(listSpec: string): Promise<string | undefined>;
  /** The present List-Ids of the archives whose lists were called so before, whatever their domain. */
  presentNames(listName: string): Promise<string[]>;

  /** Months that have messages, the oldest first. */
  months(list: number): Promise<MonthCount[]>;
  /** Who wrote most, of all times. */
  topPosters(list: number, limit: number): Promise<Poster[]>;

  /** Threads by their last message, the newest first. */
  recentThreads(list: number, page: PageRequest): Promise<Page<ArchivedThread>>;
  /** Threads with most messages among those that were written to since then. */
  activeThreads(list: number, since: number, limit: number): Promise<ArchivedThread[]>;
  /** Threads that have a message of the month, by their last one in it, the newest first; `inMonth` counts those. */
  monthThreads(
    list: number,
    year: number,
    month: number,
    page: PageRequest,
  ): Promise<Page<ArchivedThread & { readonly inMonth: number }>>;
  thread(id: number): Promise<ArchivedThread | undefined>;
  /** The messages of a thread as a tree from top to bottom: each below what it answers, siblings by date. */
  threadMessages(thread: number, page: PageRequest): Promise<Page<ThreadMessage>>;
  /** The threads begun before and after it. */
  threadNeighbours(thread: ArchivedThread): Promise<Neighbours<ArchivedThread>>;

  message(id: number): Promise<ArchivedMessage | undefined>;
  /** By Message-ID-Hash: the first that came, or another of the same hash. */
  messageByHash(list: number, hash: string, copy?: number): Promise<ArchivedMessage | undefined>;
  /** All of the same hash, in the order in which they came; at most 100. */
  messagesByHash(list: number, hash: string): Promise<ArchivedMessage[]>;
  messageByNumber(list: number, number: number): Promise<ArchivedMessage | undefined>;
  /** By a path below /pipermail/LIST/. */
  messageByOldPath(list: number, path: string): Promise<ArchivedMessage | undefined>;
  /** What a thread has of it: parent and depth. */
  messagePlace(message: ArchivedMessage): Promise<ThreadMessage>;
  /** The messages of the list before and after it, by date. */
  messageNeighbours(message: ArchivedMessage): Promise<Neighbours<ArchivedMessage>>;
  /** Messages of lists by date, newest first; of a month, of a sender, or all. */
  messages(
    selection: {
      readonly lists: readonly number[];
      readonly sender?: number;
      /** Epoch milliseconds: from `since` on, before `until`. */
      readonly since?: number;
      readonly until?: number;
    },
    page: PageRequest,
  ): Promise<Page<ArchivedMessage>>;

  content(message: number): Promise<MessageContent | undefined>;
  attachments(message: number): Promise<ArchivedAttachment[]>;
  /** Of several messages, by key; those without attachments are left out. */
  attachmentsOf(messages: readonly number[]): Promise<Map<number, ArchivedAttachment[]>>;
  /** Contents of several messages, by key, for a thread on one page. */
  contents(messages: readonly number[]): Promise<Map<number, MessageContent>>;
  /**
   * An mbox in the order in which messages came: of a whole imported list, byte for byte what was imported; with `quoted`,
   * lines in messages that look like separators get a `>`.
   */
  mbox(selection: MboxSelection, form?: 'exact' | 'quoted'): AsyncIterable<Buffer>;

  /** With the name last used. */
  sender(id: number): Promise<Sender | undefined>;
  senderByAddress(address: string): Promise<Sender | undefined>;

  search(query: SearchQuery): Promise<SearchResult>;
  /** Gets ready for searches where that takes time, in the background: for when somebody reads the archive. */
  prepareSearch(): void;

  oldFile(list: number, path: string): Promise<OldFile | undefined>;
  /** Paths of old pages and files, in order; for reports. */
  oldPaths(list: number, page: PageRequest): Promise<Page<string>>;

  /** The run that has imported this file into this list; undefined where none was begun. */
  run(list: number, identity: string): Promise<ImportRun | undefined>;

  /** Of one list, or of all. */
  stats(list?: number): Promise<ArchiveStats>;
}

export interface ArchiveWriter {
  /** The archive's entry of a list, made where it is missing. */
  openList(listId: string): Promise<ArchivedList>;
  /** For preparing messages of this list; undefined as long as there is none. It may change after each `add`. */
  dictionary(list: number): Promise<Dictionary | undefined>;
  /**
   * Adds messages in one transaction, threaded and searchable; some hundreds at once are quickest. Messages that the
   * archive has already are left out. `run` notes how far the import has come, in the same transaction.
   */
  add(
    list: number,
    messages: readonly PreparedMessage[],
    run?: Pick<ImportRun, 'id' | 'offset' | 'state'>,
  ): Promise<Added[]>;
  /**
   * Adds posts that arrive to a list, in one transaction; the archive's entry of the list is made where it is missing.
   * Of a SQLite archive, a thread of its own does that, unless posts are large.
   */
  addPosts(listId: string, posts: readonly ArrivingPost[]): Promise<void>;
  /** Resolves when all that was added before is on disk: `add` may return earlier when it is given a run. */
  flush(): Promise<void>;

  /** Makes paths below /pipermail/LIST/ lead to messages; a path that is there already changes. */
  setOldPaths(
    list: number,
    paths: readonly { readonly path: string; readonly message: number }[],
  ): Promise<void>;
  setOldFile(list: number, path: string, file: OldFile): Promise<void>;

  /** The run that imports this file into this list, perhaps begun before. */
  openRun(list: number, identity: string): Promise<ImportRun>;
  saveRun(run: Pick<ImportRun, 'id' | 'offset' | 'state' | 'finished'>): Promise<void>;

  deleteMessages(messages: readonly number[]): Promise<void>;
  /** Removes a list with all that the archive has of it. @returns whether there was one */
  deleteList(listId: string): Promise<boolean>;
  /** Gives a list another List-Id. @throws ArchiveError where the new one has messages, or the old one is unknown */
  moveList(listId: string, newListId: string): Promise<void>;
  /**
   * Makes threads, index and months of a list anew from the originals. Killed half-way, it is to be run again.
   * @param onProgress called with the number of messages done
   */
  rebuild(
    list: number,
    prepare: (message: SourceMessage) => PreparedMessage,
    onProgress?: (done: number) => void,
  ): Promise<void>;
}

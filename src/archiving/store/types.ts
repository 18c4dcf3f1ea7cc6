/** Where the date of a message comes from: its header, the mbox separator, messages beside it, or the moment it came. */
export type DateSource = 'date' | 'separator' | 'neighbour' | 'received';

/** A list as the archive knows it. Whether anybody may read it is a question for the main database. */
export interface ArchivedList {
  /** The archive's own key, which stays when the list is renamed. */
  readonly id: number;
  readonly listId: string;
  readonly messages: number;
  readonly threads: number;
  /** Epoch milliseconds; undefined where there is no message. */
  readonly firstDate: number | undefined;
  readonly lastDate: number | undefined;
}

/** A message as overviews show it. */
export interface ArchivedMessage {
  readonly id: number;
  readonly list: number;
  /** As in the header without angle brackets, one character per byte; made of the content where there was none. */
  readonly messageId: string;
  /** The Message-ID-Hash. Several messages of a list may share it: links lead to the first that came. */
  readonly hash: string;
  /** How many of the same hash came before: 0 for the one that permalinks lead to. */
  readonly copy: number;
  readonly sender: Sender;
  /** Decoded, with the list's prefix; '' where there is none. */
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly date: number;
  readonly dateSource: DateSource;
  /** The number of its article in pipermail, or what that would have been. */
  readonly number: number;
  /** Octets of the message. */
  readonly size: number;
  readonly thread: number;
  readonly attachments: number;
}

/** Who wrote a message. */
export interface Sender {
  readonly id: number;
  /** '' where the message named none. */
  readonly address: string;
  /** As this message has it; may be ''. */
  readonly name: string;
}

/** A message in its thread. */
export interface ThreadMessage extends ArchivedMessage {
  /** The message that it answers; undefined where that is not known or not here. */
  readonly parent: number | undefined;
  /** How many messages are above it. */
  readonly depth: number;
}

export interface ArchivedThread {
  readonly id: number;
  readonly list: number;
  /** The hash of its first message, for links. Any other message's hash leads to it as well. */
  readonly hash: string;
  /** Without prefix and marks of an answer. */
  readonly subject: string;
  readonly starter: Sender;
  readonly firstDate: number;
  readonly lastDate: number;
  readonly messages: number;
  readonly participants: number;
}

/** The content of a message, byte for byte. */
export interface MessageContent {
  /** What was imported: separator, message and tail. */
  readonly source: Buffer;
  /** The mbox line before it with its end; empty for what never was in an mbox. */
  readonly separator: Buffer;
  /** The message alone, with `>From ` as in the mbox. */
  readonly message: Buffer;
}

export interface ArchivedAttachment {
  /** Its place among all parts of the message (`walk`), the message itself being 0. */
  readonly part: number;
  /** Safe as a file name; never a path. */
  readonly name: string;
  /** `image/png`, lower case. */
  readonly type: string;
  /** Octets, decoded. */
  readonly size: number;
}

/** A file of an old web archive that is kept as it was, such as a scrubbed attachment. */
export interface OldFile {
  readonly type: string;
  readonly content: Buffer;
  /** Epoch milliseconds. */
  readonly modified: number;
}

export interface MonthCount {
  readonly year: number;
  /** 1 to 12, in UTC. */
  readonly month: number;
  readonly messages: number;
}

export interface Poster {
  readonly sender: Sender;
  readonly messages: number;
  readonly lastDate: number;
}

/** A part of a longer row of things. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What to give as `after` for those that follow; undefined where this was the last. */
  readonly next: string | undefined;
}

/** Which part. An `after` that this store did not give is taken as none. */
export interface PageRequest {
  /** At most 500. */
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface Neighbours<T> {
  readonly previous: T | undefined;
  readonly next: T | undefined;
}

/** Which messages an mbox is to hold. */
export type MboxSelection =
  | { readonly list: number }
  | { readonly list: number; readonly year: number; readonly month: number }
  /**
   * What pipermail had in a volume (`Week-of-Mon-20190304`), and what came between these moments without an old page:
   * epoch milliseconds, `until` excluded.
   */
  | { readonly list: number; readonly volume: string; readonly since: number; readonly until: number }
  | { readonly thread: number };

export interface SearchQuery {
  /** Keys of lists that may be looked at; none finds nothing. */
  readonly lists: readonly number[];
  /** Words, `"phrases"`, `-without`, `begin*`; `from:`, `subject:`, `file:` before any of them. May be ''. */
  readonly text: string;
  /** Words of the sender's name or address. */
  readonly from?: string | undefined;
  /** Epoch milliseconds, this moment included. */
  readonly since?: number | undefined;
  /** Epoch milliseconds, this moment excluded. */
  readonly until?: number | undefined;
  readonly hasAttachment?: boolean | undefined;
  /** `date` is the newest first. */
  readonly order: 'relevance' | 'date';
  /** How many results to leave out. */
  readonly offset: number;
  /** At most 100. */
  readonly limit: number;
}

export interface SearchResult {
  readonly items: readonly SearchHit[];
  /** How many there are. */
  readonly total: number;
  /** Whether there may be more than `total`: a search looks only at so many of the newest messages that fit. */
  readonly isBounded: boolean;
  /** What `markWords` marks in subjects and names. */
  readonly marks: readonly SearchMark[];
}

/** A word of a query, or the part of one, as it is found again in a text. */
export interface SearchMark {
  /** Folded as `foldText` does it. */
  readonly text: string;
  readonly kind: 'word' | 'prefix' | 'part';
}

export interface SearchHit {
  readonly message: ArchivedMessage;
  readonly snippet: readonly SnippetPiece[];
}

export interface SnippetPiece {
  readonly text: string;
  readonly isMatch: boolean;
}

/** How far an import has come: it goes on from here after a kill. */
export interface ImportRun {
  readonly id: number;
  readonly list: number;
  /** What tells the file from others, whatever its path. */
  readonly identity: string;
  /** Where the next message begins in the file. */
  readonly offset: number;
  readonly finished: boolean;
  /** JSON of the importer's own: counts for its report. */
  readonly state: string;
}

export interface ArchiveStats {
  readonly lists: number;
  readonly messages: number;
  readonly threads: number;
  readonly attachments: number;
  /** Octets of the originals, and of them as they are stored. */
  readonly sourceSize: number;
  readonly storedSize: number;
  readonly oldPaths: number;
  readonly oldFiles: number;
  /** Octets of the whole database on disk, for all lists. */
  readonly databaseSize: number;
}

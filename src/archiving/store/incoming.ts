import type { DateSource } from './types.ts';

/** A message that is to be kept. */
export interface SourceMessage {
  /** Exactly what is to be kept: of an mbox, from the separator line to the next one. */
  readonly bytes: Buffer;
  /** How many of the bytes are the separator line with its end; 0 where there is none. */
  readonly separator: number;
  /** How many bytes at the end belong to the mbox, not to the message: the empty line. */
  readonly tail: number;
  /** Where it stands in the file of an import; absent for a post that arrives. */
  readonly source?: { readonly run: number; readonly offset: number };
  /** The number of its article in pipermail; the list's next one otherwise. */
  readonly number?: number;
  /** Its page below /pipermail/LIST/, such as `2019-March/000123.html`. */
  readonly oldPath?: string;
  /** A Message-ID-Hash by which links lead to it, where that is not the hash of its Message-ID. */
  readonly alias?: string;
  /** Epoch milliseconds, for a message that names no date that can be right: when it came, or its neighbour's. */
  readonly otherDate?: { readonly date: number; readonly source: DateSource };
}

/** What must be known of a list to understand its mail. */
export interface ListTraits {
  /** As in the settings, with `%d` where the number stands. */
  readonly subjectPrefix: string;
  /** What to try where a charset is missing, unknown or wrong (see `likelyCharsets`). */
  readonly charsets: readonly string[];
}

/** A post that has just gone through the list. */
export interface ArrivingPost {
  readonly bytes: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly traits: ListTraits;
  /** As of a SourceMessage. */
  readonly alias?: string;
}

/** What helps to compress the messages of one list. */
export interface Dictionary {
  readonly id: number;
  readonly bytes: Buffer;
}

/**
 * A message taken apart, compressed and ready to be added: all that takes time and needs no database. It survives
 * `postMessage`, so that workers may prepare.
 */
export interface PreparedMessage {
  readonly content: Uint8Array;
  readonly dictionary: number | undefined;
  readonly length: number;
  readonly separator: number;
  readonly tail: number;
  /** Tells contents apart. */
  readonly digest: Uint8Array;
  readonly source?: { readonly run: number; readonly offset: number };
  readonly number?: number;
  readonly oldPath?: string;
  readonly alias?: string;
  readonly messageId: string;
  readonly hash: string;
  /** Hashes of the messages that it refers to, the nearest first. */
  readonly references: readonly string[];
  readonly senderName: string;
  readonly senderAddress: string;
  readonly subject: string;
  /** Without prefix and marks of an answer. */
  readonly plainSubject: string;
  readonly isReply: boolean;
  /** Undefined where it names none that can be right. */
  readonly date: number | undefined;
  readonly dateSource: DateSource;
  readonly attachments: readonly {
    readonly part: number;
    readonly name: string;
    readonly type: string;
    readonly size: number;
  }[];
  /** Words for the index, by where they stand. */
  readonly words: IndexedWords;
}

/** Words, one blank between them, as tokens.ts makes them. */
export interface IndexedWords {
  readonly subject: string;
  readonly sender: string;
  readonly body: string;
  readonly files: string;
}

/** What became of a message, in the order given. */
export interface Added {
  readonly id: number;
  /** Whether the archive had it already: the same bytes, or a post that arrived while an old server wrote the mbox. */
  readonly known: boolean;
}

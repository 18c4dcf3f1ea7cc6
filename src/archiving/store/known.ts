import type { Connection } from '../../database/handle.ts';
import { queryIn } from '../../database/statement.ts';
import type { PreparedMessage } from './incoming.ts';
import type { Big } from './statements.ts';

interface KnownRow {
  readonly id: number;
  readonly hash: string;
  readonly copy: number;
  readonly digest: Buffer;
  readonly date: Big;
  readonly run_id: number | null;
  readonly run_offset: Big | null;
}

interface Known {
  id: number;
  readonly copy: number;
  readonly digest: Uint8Array;
  readonly date: number | undefined;
  readonly run: number | undefined;
  readonly offset: number | undefined;
}

/** Messages of a list with the Message-IDs of a batch. */
export class KnownMessages {
  readonly #byHash = new Map<string, Known[]>();

  static async load(
    connection: Connection,
    list: number,
    messages: readonly PreparedMessage[],
  ): Promise<KnownMessages> {
    const known = new KnownMessages();
    const rows = await queryIn<KnownRow>(
      connection,
      (isListed) =>
        `SELECT id, hash, copy, digest, date, run_id, run_offset FROM archive_message WHERE list_id = ? AND hash ${isListed}`,
      [list],
      [...new Set(messages.map(({ hash }) => hash))],
    );
    for (const row of rows) {
      known.#push(row.hash, {
        id: row.id,
        copy: row.copy,
        digest: row.digest,
        date: Number(row.date),
        run: row.run_id ?? undefined,
        offset: row.run_offset === null ? undefined : Number(row.run_offset),
      });
    }
    return known;
  }

  /** The key of the message that this one is, if it was stored before. */
  find(message: PreparedMessage): number | undefined {
    return this.#byHash.get(message.hash)?.find((known) => isSame(message, known))?.id;
  }

  /** Notes a message of the batch. @returns how many had its Message-ID before */
  add(message: PreparedMessage): number {
    const before = this.#byHash.get(message.hash) ?? [];
    const copy = before.reduce((next, known) => Math.max(next, known.copy + 1), 0);
    this.#push(message.hash, {
      id: 0,
      copy,
      digest: message.digest,
      date: message.date,
      run: message.source?.run,
      offset: message.source?.offset,
    });
    return copy;
  }

  /** Notes the key that a message of the batch got. */
  learn(message: PreparedMessage, id: number): void {
    const known = this.#byHash.get(message.hash)?.findLast((one) => one.digest === message.digest);
    if (known) known.id = id;
  }

  #push(hash: string, known: Known): void {
    const all = this.#byHash.get(hash);
    if (all) all.push(known);
    else this.#byHash.set(hash, [known]);
  }
}

/**
 * The same bytes at another place of one file are two messages, both kept. Between a file and the posts that arrive it is
 * enough that Message-ID and Date are the same: each server has written headers of its own.
 */
function isSame({ digest, source, date }: PreparedMessage, known: Known): boolean {
  if ((source === undefined) !== (known.run === undefined)) return date !== undefined && date === known.date;
  if (Buffer.compare(digest, known.digest) !== 0) return false;
  return source === undefined || source.run !== known.run || source.offset === known.offset;
}

import type { Connection } from './handle.ts';

/** How far a log of Mailman 2 has been read. */
export interface LogPosition {
  /** Of the file, for it may be renamed; '' where there was none yet. */
  readonly inode: string;
  /** In bytes. */
  readonly position: number;
}

/** Undefined for a log that was never looked at. @param name of the log, `post` */
export async function findLogPosition(
  connection: Connection,
  name: string,
): Promise<LogPosition | undefined> {
  const row = await connection('followed_log').where('name', name).first();
  return row && { inode: row.inode, position: Number(row.position) };
}

/** Remembers it. */
export async function putLogPosition(
  connection: Connection,
  name: string,
  { inode, position }: LogPosition,
): Promise<void> {
  await connection('followed_log')
    .insert({ name, inode, position })
    .onConflict('name')
    .merge({ inode, position });
}

import type { Database } from '../database/handle.ts';
import { ServerWriter } from './server-writer.ts';
import { SingleWriter } from './single-writer.ts';
import type { Writer } from './writer.ts';

/** The writer that suits a database. */
export function createWriter(database: Database): Writer {
  return database.quick ? new SingleWriter(database.quick) : new ServerWriter(database);
}

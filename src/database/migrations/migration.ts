import type { Connection, Dialect } from '../handle.ts';

/** One step of the schema, numbered by its place in the list. Written so that running it again after a kill is harmless. */
export interface Migration {
  readonly name: string;
  readonly up: (connection: Connection, dialect: Dialect) => Promise<void>;
}

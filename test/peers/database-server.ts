/** A throw-away database server of one test run. */
export interface DatabaseServer {
  readonly host: string;
  readonly port: number;
  /** The folder (PostgreSQL) or file (MariaDB) of its Unix socket. */
  readonly socket: string;
  readonly user: string;
  readonly password: string;
  /** The URL of a database of this name on it. */
  url(name: string): string;
  /** Makes an empty database; `name` consists of lower-case letters, digits and `_`. */
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Runs one statement in a database as its administrator. */
  execute(name: string, statement: string): Promise<readonly Record<string, unknown>[]>;
}

/** What is needed to reach a server from another process. */
export type ServerAddress = Pick<DatabaseServer, 'host' | 'port' | 'socket' | 'user' | 'password'>;

/** A server that this process started. */
export interface StartedServer {
  readonly address: ServerAddress;
  stop(): Promise<void>;
}

/** Awkward on purpose: each of these means something in a URL. */
export const PASSWORD = 'p@ss:w/rd#1?%&é +';

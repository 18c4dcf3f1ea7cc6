import { FerrymanError } from '../errors.ts';

/** The database cannot be reached or used; the message says which and why, without its password. */
export class DatabaseError extends FerrymanError {
  override name = 'DatabaseError';
}

/** Where the data is, as `[database] url` says it. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly filename: string }
  | { readonly dialect: 'postgresql' | 'mysql'; readonly server: ServerLocation };

/** A database on a server, with TCP host and port or the folder or file of a Unix socket. */
export interface ServerLocation {
  readonly host: string;
  readonly port: number;
  readonly socket: string | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const DEFAULT_PORT = { postgresql: 5432, mysql: 3306 };

/**
 * Reads a database URL in the forms that Mailman's documentation uses (SQLAlchemy): `sqlite:////file`,
 * `postgres://`, `postgresql://`, `postgresql+psycopg2://`, `mysql://`, `mysql+pymysql://`, `mariadb://`.
 * @throws DatabaseError saying what is expected
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const scheme = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'sqlite': {
      const path = /^sqlite[^:]*:\/\/\/([^?]+)/i.exec(url)?.[1];
      if (path === undefined)
        throw new DatabaseError('SQLite needs a file: expected sqlite:////folder/mailman.db');
      return { dialect: 'sqlite', filename: decodeURIComponent(path) };
    }
    case 'postgres':
    case 'postgresql':
      return { dialect: 'postgresql', server: parseServer(url, 'postgresql', 'host') };
    case 'mysql':
    case 'mariadb':
      return { dialect: 'mysql', server: parseServer(url, 'mysql', 'unix_socket') };
    default:
      throw new DatabaseError(
        `No database of kind ${scheme ?? 'unknown'}; expected sqlite:////FILE, postgresql://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME`,
      );
  }
}

/** The URL with its password hidden. */
export function hidePassword(url: string): string {
  return url.replace(/^([^:]+:\/\/[^:/@]*):[^@]*@/, '$1:***@');
}

function parseServer(url: string, dialect: 'postgresql' | 'mysql', socketParameter: string): ServerLocation {
  let parsed: URL;
  try {
    parsed = new URL(url.replace(/^[^:]+:/, 'http:').replace(/^(http:\/\/(?:[^/@]*@)?)\//, '$1localhost/'));
  } catch {
    throw new DatabaseError(
      `${hidePassword(url)} is not a URL; expected ${dialect}://USER:PASSWORD@HOST:PORT/NAME`,
    );
  }
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === '')
    throw new DatabaseError(`${hidePassword(url)} names no database; expected one after the host`);
  const socket = parsed.searchParams.get(socketParameter);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: Number(parsed.port) || DEFAULT_PORT[dialect],
    socket: socket?.startsWith('/') ? socket : null,
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DatabaseError } from './failures.ts';

/** Where the data is, as `[database] url` says it; `busyTimeout` is how long another writer is waited for, in milliseconds. */
export type DatabaseLocation =
  | { readonly dialect: 'sqlite'; readonly filename: string; readonly busyTimeout?: number }
  | { readonly dialect: 'postgresql' | 'mysql'; readonly server: ServerLocation };

/** A database on a server, with TCP host and port or the folder (PostgreSQL) or file (MariaDB) of a Unix socket. */
export interface ServerLocation {
  readonly host: string;
  readonly port: number;
  readonly socket: string | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Null: the connection is not encrypted. */
  readonly tls: TlsOptions | null;
}

/** How the server's certificate is checked. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
}

type ServerDialect = 'postgresql' | 'mysql';

const DEFAULT_PORT = { postgresql: 5432, mysql: 3306 };

const EXAMPLE = {
  postgresql: 'postgresql://USER:PASSWORD@HOST:PORT/NAME',
  mysql: 'mysql://USER:PASSWORD@HOST:PORT/NAME',
};

/** Where Debian's PostgreSQL and its client library meet. */
const POSTGRESQL_SOCKETS = '/var/run/postgresql';

/** As SQLAlchemy reads it; the password may hold anything, the first `@` that leaves a possible host ends it. */
const SERVER_URL =
  /^(?<scheme>[\w+]+:\/\/)(?:(?<user>[^:/@]*)(?::(?<password>.*?))?@)?(?<host>\[[^\]/?@]+\]|[^:/?@]*)(?::(?<port>\d*))?(?:\/(?<database>[^?@]*))?(?:\?(?<query>.*))?$/s;

/**
 * Reads a database URL in the forms that Mailman's documentation uses (SQLAlchemy): `sqlite:////file`,
 * `postgres://`, `postgresql://`, `postgresql+psycopg2://`, `mysql://`, `mysql+pymysql://`, `mariadb://`.
 * @throws DatabaseError saying what is expected
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const scheme = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:/i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'sqlite': {
      const [, filename, query] = /^sqlite[^:]*:\/\/\/([^?]+)(?:\?(.*))?$/is.exec(url) ?? [];
      if (filename === undefined)
        throw new DatabaseError('SQLite needs a file: expected sqlite:////folder/mailman.db');
      return { dialect: 'sqlite', filename, ...waiting(new URLSearchParams(query ?? '')) };
    }
    case 'postgres':
    case 'postgresql':
      return { dialect: 'postgresql', server: parseServer(url, 'postgresql') };
    case 'mysql':
    case 'mariadb':
      return { dialect: 'mysql', server: parseServer(url, 'mysql') };
    default:
      throw new DatabaseError(
        `No database of kind ${scheme ?? 'unknown'}; expected sqlite:////FILE, postgresql://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME`,
      );
  }
}

/** The URL with its password hidden, wherever it stands. */
export function hidePassword(url: string): string {
  const groups = SERVER_URL.exec(url)?.groups;
  if (!groups) return url.replace(/^([\w+]+:\/\/[^:/@]*):.*@/s, '$1:***@');
  const { scheme = '', user, password, host = '', port, database, query } = groups;
  const account = user === undefined ? '' : `${user}${password === undefined ? '' : ':***'}@`;
  const rest = `${host}${port ? `:${port}` : ''}${database === undefined ? '' : `/${database}`}`;
  const shownQuery = query?.replace(/(^|&)(pass\w*|\w*password|\w*passphrase)=[^&]*/gi, '$1$2=***');
  return `${scheme}${account}${rest}${shownQuery === undefined ? '' : `?${shownQuery}`}`;
}

/** `timeout` as Python's sqlite3 means it: seconds, with a fraction if need be. */
function waiting(query: URLSearchParams): { busyTimeout?: number } {
  const timeout = query.get('timeout');
  if (timeout === null) return {};
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(timeout))
    throw new DatabaseError(
      `timeout=${timeout} in the database URL is no number of seconds; expected e.g. timeout=30`,
    );
  return { busyTimeout: Number(timeout) * 1000 };
}

function parseServer(url: string, dialect: ServerDialect): ServerLocation {
  const parts = SERVER_URL.exec(url)?.groups;
  if (!parts) throw new DatabaseError(`${hidePassword(url)} is not a URL; expected ${EXAMPLE[dialect]}`);
  const query = new URLSearchParams(parts.query ?? '');
  const database = parts.database || query.get('dbname') || query.get('database') || '';
  if (database === '')
    throw new DatabaseError(`${hidePassword(url)} names no database; expected ${EXAMPLE[dialect]}`);
  const hosts = [decode(parts.host ?? '').replace(/^\[|\]$/g, ''), query.get('host') ?? ''];
  const socket = [...hosts, query.get('unix_socket') ?? ''].find((host) => host.startsWith('/')) ?? null;
  const host = hosts.find((name) => name !== '' && !name.startsWith('/'));
  const port = Number(parts.port || query.get('port')) || DEFAULT_PORT[dialect];
  return {
    host: host ?? 'localhost',
    port,
    socket: socket ?? (host === undefined && dialect === 'postgresql' ? localSocket(port) : null),
    user: decode(parts.user || query.get('user') || userInfo().username),
    password: decode(parts.password ?? '') || (query.get('password') ?? query.get('passwd') ?? ''),
    database,
    tls: dialect === 'postgresql' ? postgresqlTls(query) : mysqlTls(query),
  };
}

/** Without a host, libpq prefers the socket. */
function localSocket(port: number): string | null {
  return existsSync(`${POSTGRESQL_SOCKETS}/.s.PGSQL.${port}`) ? POSTGRESQL_SOCKETS : null;
}

/** `sslmode` as libpq means it: `require` encrypts without looking at the certificate. */
function postgresqlTls(query: URLSearchParams): TlsOptions | null {
  const mode = query.get('sslmode');
  const ca = query.get('sslrootcert');
  if (mode === 'require') return { rejectUnauthorized: false };
  if (mode === 'verify-ca' || mode === 'verify-full') return { rejectUnauthorized: true, ...authority(ca) };
  return null;
}

function mysqlTls(query: URLSearchParams): TlsOptions | null {
  const ca = query.get('ssl_ca');
  return ca === null ? null : { rejectUnauthorized: true, ...authority(ca) };
}

function authority(file: string | null): { ca?: string } {
  if (file === null || file === 'system') return {};
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch {
    throw new DatabaseError(`The certificate ${file} that the database URL names cannot be read`);
  }
}

/** Percent-escapes, and whatever only looks like one as it stands, as Python reads them. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    const bytes = text.replace(/%([0-9a-f]{2})|[^%]+|%/gi, (piece, hex?: string) =>
      hex === undefined
        ? Buffer.from(piece).toString('latin1')
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

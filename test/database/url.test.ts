import { userInfo } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseError } from '../../src/database/failures.ts';
import { hidePassword, parseDatabaseUrl } from '../../src/database/url.ts';

const SERVER = { host: 'localhost', socket: null, user: 'u', password: 'p', database: 'mailman', tls: null };
const POSTGRESQL = { ...SERVER, port: 5432 };
const MYSQL = { ...SERVER, port: 3306 };

const urls: readonly (readonly [string, object])[] = [
  [
    'mysql+pymysql://myuser:mypassword@mymysqlhost/mailman?charset=utf8&use_unicode=1',
    { dialect: 'mysql', server: { ...MYSQL, host: 'mymysqlhost', user: 'myuser', password: 'mypassword' } },
  ],
  [
    'postgres://myuser:mypassword@mypghost/mailman',
    {
      dialect: 'postgresql',
      server: { ...POSTGRESQL, host: 'mypghost', user: 'myuser', password: 'mypassword' },
    },
  ],
  [
    'sqlite:////var/lib/mailman3/data/mailman.db',
    { dialect: 'sqlite', filename: '/var/lib/mailman3/data/mailman.db' },
  ],
  ['sqlite:///var/mailman.db', { dialect: 'sqlite', filename: 'var/mailman.db' }],
  [
    'sqlite:////srv/100%/a b@c:d.db?timeout=5',
    { dialect: 'sqlite', filename: '/srv/100%/a b@c:d.db', busyTimeout: 5000 },
  ],
  ['sqlite:////m.db?cache=private', { dialect: 'sqlite', filename: '/m.db' }],
  ['postgresql://u:p@localhost/mailman', { dialect: 'postgresql', server: POSTGRESQL }],
  [
    'POSTGRESQL+psycopg2://u:p@localhost:80/mailman',
    { dialect: 'postgresql', server: { ...POSTGRESQL, port: 80 } },
  ],
  [
    'mariadb+mariadbconnector://u:p@localhost:3307/mailman',
    { dialect: 'mysql', server: { ...MYSQL, port: 3307 } },
  ],
  ['mysql://u:p@[::1]:3307/mailman', { dialect: 'mysql', server: { ...MYSQL, host: '::1', port: 3307 } }],
  [
    'mysql+pymysql://u:p@/mailman?unix_socket=/run/mysqld/mysqld.sock',
    { dialect: 'mysql', server: { ...MYSQL, socket: '/run/mysqld/mysqld.sock' } },
  ],
  [
    'mysql://u:p@localhost/mailman?unix_socket=%2Frun%2Fm.sock&charset=utf8mb4',
    { dialect: 'mysql', server: { ...MYSQL, socket: '/run/m.sock' } },
  ],
  [
    'postgresql://u:p@/mailman?host=/var/lib/pg',
    { dialect: 'postgresql', server: { ...POSTGRESQL, socket: '/var/lib/pg' } },
  ],
  [
    'postgresql+psycopg2://u:p@%2Fvar%2Flib%2Fpg:5433/mailman',
    { dialect: 'postgresql', server: { ...POSTGRESQL, port: 5433, socket: '/var/lib/pg' } },
  ],
  [
    'postgresql:///mailman?host=/var/lib/pg',
    {
      dialect: 'postgresql',
      server: { ...POSTGRESQL, user: userInfo().username, password: '', socket: '/var/lib/pg' },
    },
  ],
  ['mysql://u@localhost/mailman', { dialect: 'mysql', server: { ...MYSQL, password: '' } }],
  [
    'postgresql://u:p@localhost/mailman?sslmode=require',
    { dialect: 'postgresql', server: { ...POSTGRESQL, tls: { rejectUnauthorized: false } } },
  ],
  [
    'postgresql://u:p@localhost/mailman?sslmode=verify-full',
    { dialect: 'postgresql', server: { ...POSTGRESQL, tls: { rejectUnauthorized: true } } },
  ],
  ['postgresql://u:p@localhost/mailman?sslmode=prefer', { dialect: 'postgresql', server: POSTGRESQL }],
];

describe('a database URL', () => {
  it.each(urls)('%s', (url, location) => {
    expect(parseDatabaseUrl(url)).toEqual(location);
  });

  it.each([
    ['p%40ss', 'p@ss'],
    ['p@ss', 'p@ss'],
    ['a/b?c#d:e', 'a/b?c#d:e'],
    ['100%', '100%'],
    ['%zz%C3%A9é', '%zzéé'],
    ['a+b c', 'a+b c'],
    ['', ''],
  ])('may hold the password %s', (written, password) => {
    const url = `mysql+pymysql://u:${written}@db.example:3307/mailman?charset=utf8`;
    expect(parseDatabaseUrl(url)).toEqual({
      dialect: 'mysql',
      server: { ...MYSQL, host: 'db.example', port: 3307, password },
    });
    expect(hidePassword(url)).toBe('mysql+pymysql://u:***@db.example:3307/mailman?charset=utf8');
  });

  it('never shows its password', () => {
    for (const scheme of ['postgresql', 'mysql+pymysql']) {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 0, maxLength: 8 }), (noise) => {
          const secret = `${noise}s3cr3t${noise}`;
          for (const written of [secret, encodeURIComponent(secret.toWellFormed())]) {
            const url = `${scheme}://user:${written}@host/mailman`;
            expect(hidePassword(url)).not.toContain('s3cr3t');
            try {
              parseDatabaseUrl(url);
            } catch (error) {
              expect((error as Error).message).not.toContain('s3cr3t');
            }
          }
        }),
      );
    }
    expect(hidePassword('mysql://h/d?user=u&password=s3cr3t&x=1')).toBe(
      'mysql://h/d?user=u&password=***&x=1',
    );
    expect(hidePassword('mysql://h/d?passwd=s3cr3t')).toBe('mysql://h/d?passwd=***');
  });

  it.each([
    ['oracle://u:s3cr3t@h/d', /No database of kind oracle; expected sqlite:/],
    ['mailman.db', /No database of kind unknown; expected sqlite:/],
    ['', /No database of kind unknown/],
    ['sqlite:////m.db?timeout=soon', /timeout=soon .* expected e\.g\. timeout=30/],
    ['sqlite://', /SQLite needs a file: expected sqlite:\/\/\/\//],
    ['postgresql://u:s3cr3t@h', /postgresql:\/\/u:\*\*\*@h names no database/],
    ['mysql://u:s3cr3t@h/', /names no database; expected mysql:/],
    ['mysql://u:s3cr3t@h:port/d', /is not a URL; expected mysql:|names no database/],
    [
      'postgresql://h/d?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem',
      /certificate \/nowhere\/ca.pem .* cannot be read/,
    ],
  ])('that is wrong (%s) is refused with what is expected', (url, expected) => {
    const parse = () => parseDatabaseUrl(url);
    expect(parse).toThrow(DatabaseError);
    expect(parse).toThrow(expected);
    expect(parse).not.toThrow(/s3cr3t/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { restApp } from '../../src/rest/server.ts';
import { type TestServices, testServices } from '../support/services.ts';

/** An answer of the API, its JSON without entity tags. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Undefined where there was no body. */
  readonly json: unknown;
}

/** What is sent: fields of a form (lists repeat their name), or JSON. */
export type Sent = Readonly<Record<string, string | readonly string[]>> | { readonly json: string };

/** The API on an empty database of its own, without a socket. */
export interface Api {
  readonly database: Database;
  readonly services: TestServices;
  readonly app: FastifyInstance;
  /** @param path with its version, such as `/3.1/lists` */
  call(method: string, path: string, sent?: Sent): Promise<Answered>;
  get(path: string): Promise<unknown>;
  /** POST, which must make something. @returns the path of what was made, with its version */
  make(path: string, sent: Sent): Promise<string>;
  /** A call that must be answered without a body. */
  done(method: string, path: string, sent?: Sent): Promise<void>;
}

const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

/**
 * @param settings further text of mailman.cfg, beginning in the section [archiver.prototype]
 * @param url of the database, where that is to be another one
 */
export async function openApi(settings = '', url = 'sqlite:///:memory:'): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-rest-'));
  const file = join(folder, 'mailman.cfg');
  writeFileSync(file, `${configuration(folder)}${settings}`);
  const database = await openDatabase(url);
  const services = testServices(database, { config: loadConfig({ file }) });
  const app = await restApp(services);
  closing.push(async () => {
    await app.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const call: Api['call'] = async (method, path, sent) => {
    const response = await app.inject({
      method: method as 'GET',
      url: path,
      headers: {
        ...basic('restadmin:restpass'),
        ...(sent === undefined ? {} : { 'content-type': typeOf(sent) }),
      },
      ...(sent === undefined ? {} : { payload: payloadOf(sent) }),
    });
    const { statusCode: status, headers, payload } = response;
    return { status, headers, json: payload === '' ? undefined : withoutTags(JSON.parse(payload)) };
  };
  return {
    database,
    services,
    app,
    call,
    get: async (path) => {
      const { status, json } = await call('GET', path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    make: async (path, sent) => {
      const { status, headers, json } = await call('POST', path, sent);
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(json)}`);
      return String(headers.location).replace('http://localhost:8001', '');
    },
    done: async (method, path, sent) => {
      const { status, json } = await call(method, path, sent);
      if (status !== 204) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    },
  };
}

function configuration(folder: string): string {
  return `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${folder}/var\n[mta]\nincoming: null\n[archiver.prototype]\nenable: yes\n`;
}

/** The same with a list `ant@example.com`. */
export async function openApiWithList(settings = '', url?: string): Promise<Api> {
  const api = await openApi(settings, url);
  await api.make('/3.1/domains', { mail_host: 'example.com' });
  await api.make('/3.1/lists', { fqdn_listname: 'ant@example.com' });
  return api;
}

/** What subscribes somebody at once. */
export const vouched = { pre_verified: 'yes', pre_confirmed: 'yes', pre_approved: 'yes' } as const;

export function basic(credentials: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A refusal by a resource. */
export function refusal(status: number, description: string) {
  const titles: Readonly<Record<number, string>> = {
    400: '400 Bad Request',
    403: '403 Forbidden',
    404: '404 Not Found',
    409: '409 Conflict',
  };
  return { status, json: { title: titles[status], description } };
}

function typeOf(sent: Sent): string {
  return 'json' in sent ? 'application/json' : 'application/x-www-form-urlencoded';
}

function payloadOf(sent: Sent): string {
  if ('json' in sent) return String(sent.json);
  const pairs = Object.entries(sent).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

function withoutTags(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTags);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'http_etag');
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutTags(item)]));
}

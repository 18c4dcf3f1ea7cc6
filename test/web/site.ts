import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Archive } from '../../src/archiving/store/archive.ts';
import { openArchive } from '../../src/archiving/store/open.ts';
import { prepareMessage } from '../../src/archiving/store/prepare.ts';
import type { Config } from '../../src/config/index.ts';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { findUser, updateUser } from '../../src/database/users.ts';
import { likelyCharsets } from '../../src/flow/list-charset.ts';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import { ensureAddresses } from '../../src/membership/people.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { utcNow } from '../../src/model/time.ts';
import { createWebApp } from '../../src/web/app.ts';
import { defaultConfig, type TestServices, testServices } from '../support/services.ts';

/** A site with its web pages, in memory. */
export interface Site {
  readonly app: FastifyInstance;
  readonly archive: Archive;
  readonly services: TestServices;
  readonly makeList: (address: string, settings?: Partial<ListSettings>) => Promise<MailingList>;
  /** Puts mails into the archive, in this order. */
  readonly post: (list: MailingList, ...mails: readonly (string | Buffer)[]) => Promise<void>;
  /** Subscribes somebody, who gets an account with this password. */
  readonly join: (list: MailingList, email: string, password?: string) => Promise<void>;
  readonly joinById: (listId: string, email: string, password?: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param web values of `[web]` that differ @param further whole sections that differ @param given a database that is there already; the site closes it */
export async function makeSite(
  web: Partial<Config['web']> = {},
  further: Partial<Config> = {},
  given?: Database,
): Promise<Site> {
  const preset = defaultConfig();
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-web-'));
  const config: Config = {
    ...preset,
    web: { ...preset.web, ...web },
    archive: { ...preset.archive, url: `sqlite:///${folder}/archive.db` },
    ...further,
  };
  const database = given ?? (await openDatabase('sqlite:///:memory:'));
  const services = testServices(database, { config });
  const archive = await openArchive(config);
  const app = createWebApp(services, async () => archive);
  const site: Site = {
    app,
    archive,
    services,
    makeList: (address, settings = {}) =>
      database.transaction(async (connection) => {
        const list = await createList(
          connection,
          {
            address,
            style: 'legacy-default',
            language: settings.preferred_language ?? 'en',
            owners: [],
            createDomain: true,
          },
          listRules(config),
        );
        return updateSettings(connection, list, settings);
      }),
    post: async (list, ...mails) => {
      const { id } = await archive.openList(list.listId);
      const traits = {
        subjectPrefix: list.settings.subject_prefix,
        charsets: likelyCharsets(config, list),
      };
      const sources = mails.map((mail) => ({
        bytes: Buffer.from(mail as string, 'utf8'),
        separator: 0,
        tail: 0,
      }));
      await archive.add(
        id,
        sources.map((source) => prepareMessage(source, traits, undefined)),
      );
    },
    join: async (list, email, password) => {
      const hash = password === undefined ? null : await hashPassword(password);
      await database.transaction(async (connection) => {
        await subscribe(connection, list, [{ address: email, displayName: '' }], {
          role: 'member',
          verified: true,
        });
        const known = await ensureAddresses(connection, [{ address: email, displayName: '' }], utcNow());
        const [address] = known.values();
        const user = address?.userId ? await findUser(connection, address.userId) : undefined;
        if (user) await updateUser(connection, { ...user, password: hash });
      });
    },
    joinById: async (listId, email, password) => {
      const list = await findList(database.connection, listId);
      if (list) await site.join(list, email, password);
    },
    close: async () => {
      await app.close();
      await archive.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return site;
}

/** A mail with a Message-ID of this name. */
export function mail(
  id: string,
  {
    from = 'Anne Person <anne@people.example>',
    subject = 'A subject',
    date = 'Mon, 04 Mar 2024 10:00:00 +0000',
    body = 'Hello all,\n\nthis is a mail.\n',
    answers,
    headers = '',
  }: {
    readonly from?: string;
    readonly subject?: string;
    readonly date?: string;
    readonly body?: string;
    readonly answers?: string;
    /** Further fields, each with its line end. */
    readonly headers?: string;
  } = {},
): string {
  const reply =
    answers === undefined
      ? ''
      : `In-Reply-To: <${answers}@people.example>\nReferences: <${answers}@people.example>\n`;
  return `From: ${from}\nTo: ant@example.com\nSubject: ${subject}\nDate: ${date}\nMessage-ID: <${id}@people.example>\n${reply}${headers}\n${body}`;
}

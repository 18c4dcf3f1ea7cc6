import { afterAll, describe } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import type { PreparedMessage, SourceMessage } from '../../../src/archiving/store/incoming.ts';
import { openArchiveAt } from '../../../src/archiving/store/open.ts';
import { prepareMessage } from '../../../src/archiving/store/prepare.ts';
import { onServer, sqlitePlace } from '../../database/dialects.ts';

/** Where the archives of one test file are. */
export interface StorePlace {
  /** A fresh archive; it is closed after the tests of the file. */
  open(): Promise<Archive>;
  freshUrl(): Promise<string>;
}

const opened: Archive[] = [];

afterAll(async () => {
  for (const archive of opened.splice(0)) await archive.close();
});

/** Opens an archive that is closed after the tests of the file. */
export async function openStore(url: string): Promise<Archive> {
  const archive = await openArchiveAt(url);
  opened.push(archive);
  return archive;
}

/** Runs the same tests on both databases that an archive can be in. */
export async function onEachStore(title: string, tests: (place: StorePlace) => void): Promise<void> {
  const sqlite = sqlitePlace();
  describe(`${title} on SQLite`, () =>
    tests({ freshUrl: () => sqlite.freshUrl(), open: async () => openStore(await sqlite.freshUrl()) }));
  await onServer('postgresql', `${title} on PostgreSQL`, (place) =>
    tests({ freshUrl: () => place.freshUrl(), open: async () => openStore(await place.freshUrl()) }),
  );
}

/** What a test says of a message. */
export interface Written {
  readonly id?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly date?: string;
  readonly references?: string;
  readonly inReplyTo?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A mail as bytes. */
export function written(mail: Written): Buffer {
  const { id, from = 'Ant <ant@example.com>', subject, date = 'Mon, 5 Jan 2015 10:00:00 +0000' } = mail;
  const fields: Record<string, string | undefined> = {
    From: from,
    Subject: subject,
    Date: date,
    'Message-ID': id === undefined ? undefined : `<${id}>`,
    References: mail.references,
    'In-Reply-To': mail.inReplyTo,
    ...mail.headers,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}`,
  );
  return Buffer.from(`${lines.join('\n')}\n\n${mail.body ?? 'Hello.\n'}`);
}

/** The same, ready to be added; in an mbox when it is given a source. */
export function prepared(mail: Written | Buffer, more: Partial<SourceMessage> = {}): PreparedMessage {
  const bytes = Buffer.isBuffer(mail) ? mail : written(mail);
  return prepareMessage(
    { bytes, separator: 0, tail: 0, ...more },
    { subjectPrefix: '[Ant] ', charsets: ['iso-8859-1'] },
    undefined,
    Date.UTC(2026, 10, 20),
  );
}

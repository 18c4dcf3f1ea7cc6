import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import type { Part } from '../../src/message/part.ts';
import { partText } from '../../src/message/text.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { benchAt, collect, type GoneDigest, sendAll } from '../support/digests.ts';
import {
  importRecordedList,
  type RecordedCase,
  recordedCases,
  recordedFile,
  recordedRecipients,
} from '../support/recorded-traffic.ts';
import { defaultConfig } from '../support/services.ts';

/** Mailman 2.1's digests, in the order in which it sent them: its MIME form is what ours is made from, too. */
const cases = recordedCases().filter(({ case: { number } }) => [21, 58, 113, 366, 367].includes(number));
const digests = cases.map((recorded) => {
  const file = recorded.case.number < 366 ? 'out-2.eml' : 'out-1.eml';
  return { name: recorded.name, recorded, mime: file, theirs: Message.parse(recordedFile(recorded, file)) };
});

/** In Mailman 2.1's order. */
const PLAIN_HEADERS = [
  'Message',
  'Date',
  'From',
  'To',
  'Cc',
  'Subject',
  'Message-ID',
  'Keywords',
  'Content-Type',
];
const usual = defaultConfig();
const config = { ...usual, digests: { ...usual.digests, plain_digest_keep_headers: PLAIN_HEADERS } };

let database: Database;
const ours = new Map<string, readonly GoneDigest[]>();
beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
  await importRecordedList(database, 'plain');
  await importRecordedList(database, 'members-lab');
  for (const { name, recorded, theirs } of digests) {
    // She joined in one of the cases between.
    if (recorded.case.number === 366) await joinByPlainDigest('zoe.other@example.org');
    const listId = `${recorded.case.list}.lists.example.com`;
    const bench = benchAt(database, utcFromEpoch(recorded.case.time) as UtcTime, config);
    const posts = enclosed(theirs).map((part) => Buffer.concat(part.toPieces()));
    await collect(bench, posts, listId);
    ours.set(name, await sendAll(bench, listId));
  }
});
afterAll(() => database.close());

async function joinByPlainDigest(address: string): Promise<void> {
  await database.transaction(async (connection) => {
    const list = await findList(connection, 'plain@lists.example.com');
    if (!list) throw new Error('the list is gone');
    const options = { role: 'member', verified: true, deliveryMode: 'plaintext_digests' } as const;
    await subscribe(connection, list, [{ address, displayName: '' }], options);
  });
}

function digestOf(name: string, form: 'mime' | 'plain'): GoneDigest {
  const isMime = ({ message }: GoneDigest) => message.root.contentType.type === 'multipart';
  const found = ours.get(name)?.find((digest) => isMime(digest) === (form === 'mime'));
  if (!found) throw new Error(`${name} has no ${form} digest`);
  return found;
}

function enclosed({ root }: Message): Part[] {
  const digest = root.children.find(({ contentType }) => contentType.subtype === 'digest');
  return (digest?.children ?? []).flatMap(({ message }) => message ?? []);
}

function described({ root }: Message, description: RegExp): Part {
  const found = root.children.find(({ headers }) =>
    description.test(headers.get('Content-Description') ?? ''),
  );
  if (!found) throw new Error(`no part ${description}`);
  return found;
}

/** Mailman 2.1 writes `?` for each byte or character that the charset of the list lacks. */
function asMailman(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[^\n\x20-\x7e]/gu, '?')
    .replace(/\?+/g, '?');
}

/** The entries of a table of contents, each on one line. */
function entries(text: string): string[] {
  const lines = asMailman(text)
    .replace(/\n {6}/g, ' ')
    .split('\n');
  // Doubled blanks, as the stripped prefix leaves them, and tabs.
  return lines.map((line) => line.trim().replace(/ +/g, ' ')).filter((line) => line !== '');
}

function plainRecorded({ name, recorded }: (typeof digests)[number]): Message {
  if (!('out-2.eml' in recorded.files)) throw new Error(`${name} has no plain digest`);
  return Message.parse(recordedFile(recorded, 'out-2.eml'));
}

function plainRecipients(recorded: RecordedCase): string[] {
  return recordedRecipients(recorded, 'out-2.eml').sort();
}

describe.each(digests)('$name', ({ name, recorded, mime, theirs }) => {
  const COMPARED = ['From', 'Subject', 'To', 'Reply-To', 'X-BeenThere', 'Precedence', 'List-Id', 'Sender'];

  test('goes to the same members', () => {
    expect([...digestOf(name, 'mime').recipients].sort()).toEqual(recordedRecipients(recorded, mime).sort());
  });

  test('has the same headers, volume and number', () => {
    const { headers } = digestOf(name, 'mime').message;
    expect(COMPARED.map((header) => headers.get(header))).toEqual(
      COMPARED.map((header) => theirs.headers.get(header)),
    );
  });

  test('consists of the same parts', () => {
    const shape = ({ root }: Message) =>
      root.children.map(({ contentType, headers }) => [
        `${contentType.type}/${contentType.subtype}`,
        decodeHeader(headers.get('Content-Description') ?? ''),
      ]);
    expect(shape(digestOf(name, 'mime').message)).toEqual(shape(theirs));
  });

  test('encloses the same posts', () => {
    const posts = (message: Message) =>
      enclosed(message).map((part) => Buffer.concat(part.toPieces()).toString('latin1'));
    expect(posts(digestOf(name, 'mime').message)).toEqual(posts(theirs));
  });

  test('has the same topics', () => {
    const topics = (message: Message) => entries(partText(described(message, /^Today/)));
    const expected = topics(theirs).map((line) =>
      line
        // A prefix in another case, or before control characters, is recognised here; a tab becomes a blank.
        .replace('16. Re: [plain] Agenda', '16. Re: Agenda')
        .replace('4. [Plain] Control ? chars', '4. Control chars')
        .replace('first part?second', 'first part second'),
    );
    expect(topics(digestOf(name, 'mime').message)).toEqual(expected);
  });
});

describe.each(digests.filter(({ recorded }) => recorded.case.number >= 366))(
  '$name in plain text',
  (digest) => {
    const { name, recorded } = digest;

    test('goes to the same members', () => {
      expect([...digestOf(name, 'plain').recipients].sort()).toEqual(plainRecipients(recorded));
    });

    test('says the same from the topics to the end', () => {
      // Where Mailman leaves two or three empty lines, RFC 1153 has one.
      const said = (message: Message) =>
        asMailman(partText(message.root))
          .replace(/^[\s\S]*?(?=Today's Topics)/, '')
          .replace(/\n{2,}/g, '\n\n')
          .trimEnd();
      const expected = said(plainRecorded(digest)).replace(
        // It had no Message-ID in the post; Mailman 2.1 made one up for the digest.
        /\nMessage-ID: <mailman\..*/,
        '',
      );
      expect(said(digestOf(name, 'plain').message)).toBe(expected);
    });
  },
);

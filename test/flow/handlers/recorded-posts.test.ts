import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { decodeHeader } from '../../../src/message/encoded-words.ts';
import { Message } from '../../../src/message/message.ts';
import { partText, walk } from '../../../src/message/text.ts';
import {
  importRecordedList,
  type RecordedCase,
  recordedCases,
  recordedFile,
  recordedRecipients,
} from '../../support/recorded-traffic.ts';
import { type Delivery, deliverRecorded } from './recorded-delivery.ts';

/** Accepted posts; what their chains do is not looked at here, so those whose chains change them are left out. */
const CHAIN_CHANGES_IT = [81, 84, 85, 216, 218];
const posts = recordedCases().filter(
  ({ case: { kind, decision, number } }) =>
    kind === 'post' && decision === 'accepted' && number <= 226 && !CHAIN_CHANGES_IT.includes(number),
);

let database: Database;
beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
});
afterAll(() => database.close());

const imported = new Map<string, string>();

async function delivered(recorded: RecordedCase): Promise<Delivery> {
  const { list } = recorded.case;
  const sisters = list.startsWith('chapter-') ? ['chapter-north', 'chapter-south'] : [];
  for (const name of [...sisters, list]) {
    const version = name === list && recorded.files['config.pck'] !== undefined ? recorded.name : 'site';
    if (imported.get(name) === version) continue;
    await importRecordedList(database, name, version === 'site' ? undefined : recorded);
    imported.set(name, version);
  }
  return deliverRecorded(database, recorded, list === 'friends-org' ? { dmarc: true } : {});
}

/** Digests, acknowledgements and automatic answers that went out at the same time are not looked at. */
function postFile(recorded: RecordedCase): string | undefined {
  const id = Message.parse(recordedFile(recorded, 'in.eml')).headers.get('Message-ID') ?? '';
  return (
    recorded.case.outgoing.find(
      ({ file }) => file !== null && recordedFile(recorded, file).includes(id) && !isNotice(recorded, file),
    )?.file ?? undefined
  );
}

function isNotice(recorded: RecordedCase, file: string): boolean {
  const { headers } = Message.parse(recordedFile(recorded, file));
  return headers.has('X-List-Administrivia') || /-request@/.test(headers.get('From') ?? '');
}

function postRecipients(recorded: RecordedCase): string[] {
  const files = new Set(recorded.case.outgoing.map(({ file }) => file));
  const ours = [...files].filter((file) => file === null || !isNotice(recorded, file));
  const all = recorded.case.outgoing
    .filter(({ file }) => ours.includes(file))
    .flatMap((transaction) =>
      recordedRecipients({ ...recorded, case: { ...recorded.case, outgoing: [transaction] } }),
    );
  return [...new Set(all.map((address) => address.toLowerCase()))].sort();
}

/** Types and texts of a message, without what only Mailman itself would invent. */
function structure(message: Message): string[] {
  return [...walk(message)].map((part) => {
    const { type, subtype } = part.contentType;
    const content = type === 'text' ? partText(part) : part.isMultipart ? '' : part.body.toString('latin1');
    return `${type}/${subtype} ${content.replaceAll('\r\n', '\n').trimEnd()}`;
  });
}

/** As Mailman 2.1 would have it: the mark of an answer before the prefix, and blanks as they came. */
function comparable(subject: string): string {
  return subject
    .replace(/^(\[[^\]]*\] )Re: /, 'Re: $1')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** Where Mailman 2.1 fails and this does better, or does as Mailman 3 does (docs/differences.md). */
const OTHER_SUBJECT = new Set([3, 8, 9, 10, 104, 174, 206]);
const OTHER_TEXT = new Map([
  [105, 'placeholders of the reader'],
  [107, 'characters of the footer that the charset lacks'],
  [108, 'characters of the footer that the charset lacks'],
  [109, 'characters of the footer that the charset lacks'],
  [118, 'addresses of attachments in the archive of Mailman 2.1'],
  [222, 'characters of the footer that the charset lacks'],
]);
/** The same person in another spelling, on two lists, got two copies from Mailman 2.1. */
const OTHER_RECIPIENTS = new Set([198]);

describe.each(posts)('$name', (recorded) => {
  test('goes to the same recipients, with the same subject, text and footer', {
    timeout: 60_000,
  }, async () => {
    const { number } = recorded.case;
    const { copies } = await delivered(recorded);
    const recipients = [...new Set(copies.map(({ recipient }) => recipient.toLowerCase()))].sort();
    if (!OTHER_RECIPIENTS.has(number)) expect(recipients).toEqual(postRecipients(recorded));
    const file = postFile(recorded);
    if (file === undefined) return;
    const expected = Message.parse(recordedFile(recorded, file));
    const [first] = recordedRecipients(recorded, file);
    const ours = copies.find(({ recipient }) => recipient.toLowerCase() === first?.toLowerCase())?.message;
    if (!ours) throw new Error(`no copy for ${first}`);
    if (!OTHER_SUBJECT.has(number)) expect(comparable(subject(ours))).toBe(comparable(subject(expected)));
    for (const name of ['To', 'X-BeenThere', 'Precedence', 'List-Id', 'Errors-To', 'Sender'])
      if (name !== 'Errors-To' || expected.headers.has('Sender'))
        expect([name, text(ours, name)]).toEqual([name, text(expected, name)]);
    if (!OTHER_TEXT.has(number)) expect(structure(ours)).toEqual(structure(expected));
  });
});

function subject(message: Message): string {
  return decodeHeader(message.headers.get('Subject') ?? '', { fallbacks: ['euc-jp'] });
}

function text({ headers }: Message, name: string): string {
  return decodeHeader(headers.get(name) ?? '');
}

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readPickle } from '../../migrate/pickle/reader.ts';
import {
  isInstanceOf,
  type PickleValue,
  PyBytes,
  type PyInstance,
  PyTuple,
} from '../../migrate/pickle/values.ts';
import type { Connection } from '../../src/database/handle.ts';
import { insertHeldMessage } from '../../src/database/held-messages.ts';
import { findList } from '../../src/database/lists.ts';
import { insertPending, type PendingKind } from '../../src/database/pending.ts';
import { collectForDigest } from '../../src/digests/collect.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { newToken } from '../../src/model/token.ts';
import { receivedMessage } from '../../src/mta/reception.ts';
import type { Services } from '../../src/queue/step.ts';
import { recordedListAddress } from '../support/recorded-traffic.ts';

/** The lists of the site, but for the one that nobody can read. */
export const RECORDED_LISTS: readonly string[] = [
  'mailman',
  'plain',
  'nihongo-users',
  'vereinsrundbrief',
  'announce',
  'staff',
  'news-gw',
  'all-chapters',
  'chapter-north',
  'chapter-south',
  'members-lab',
  'bigcrowd',
  'friends-org',
  'c++-users.v2',
  'help-request',
  'topics-digest',
  'privat',
  'talk-archive',
  'broken-last',
];

const FIXTURES = new URL('../../fixtures/mailman21/', import.meta.url);

/** Requests for moderators have no end in Mailman 2.1. */
const FAR_AWAY = utcFromEpoch(1_900_000_000) as UtcTime;

interface ExpectedPending {
  readonly op: string;
  readonly token: string;
  readonly evict_time: number;
  readonly data: readonly unknown[];
}

interface ExpectedPerson {
  readonly address: string;
  readonly fullname?: string;
  readonly name?: string | null;
  readonly digest?: boolean | number;
  readonly invitation?: string;
  readonly language?: string;
}

interface ExpectedRequests {
  readonly pending: readonly ExpectedPending[];
  readonly held_messages: readonly {
    readonly id: number;
    readonly file: string;
    readonly time: number;
    readonly sender: string;
    readonly reason: string;
    readonly metadata: { readonly lang?: string };
  }[];
  readonly held_subscriptions: readonly (ExpectedPerson & { readonly id: number })[];
  readonly held_unsubscriptions: readonly (ExpectedPerson & { readonly id: number })[];
}

/** Which post or request of ours a request number of Mailman 2.1 stands for: `plain 18`. */
export type RequestNumbers = Map<string, { readonly heldMessage: number } | { readonly token: string }>;

/**
 * Puts into the lists what waited at the recorded site beside the settings and members: posts and requests for the
 * moderators, tokens, posts for the next digest.
 */
export async function seedLists({ database }: Services): Promise<RequestNumbers> {
  const { lists } = JSON.parse(
    gunzipSync(readFileSync(new URL('EXPECTED.json.gz', FIXTURES))).toString('utf8'),
  ) as { lists: Record<string, ExpectedRequests> };
  const numbers: RequestNumbers = new Map();
  await database.transaction(async (connection) => {
    for (const name of RECORDED_LISTS) {
      const list = await findList(connection, recordedListAddress(name));
      const waiting = lists[name];
      if (!list || !waiting) throw new Error(`${name} is not there`);
      await seedHeldPosts(connection, list, waiting, numbers);
      await seedRequests(connection, list, waiting, numbers);
      for (const pending of waiting.pending) await seedToken(connection, list, pending, numbers);
      await seedDigest(connection, list);
    }
  });
  return numbers;
}

async function seedHeldPosts(
  connection: Connection,
  list: MailingList,
  { held_messages }: ExpectedRequests,
  numbers: RequestNumbers,
): Promise<void> {
  for (const { id, file, time, sender, reason, metadata } of held_messages) {
    const mail = heldMail(file);
    // Case 362 wants to approve one whose file is damaged; nothing could be imported from it.
    if (!mail) continue;
    const content = receivedMessage(mail, sender);
    const { headers } = Message.parse(content);
    const requestId = await insertHeldMessage(connection, {
      listId: list.listId,
      messageId: headers.get('Message-ID') ?? '',
      sender,
      subject: decodeHeader(headers.get('Subject') ?? ''),
      reasons: [reason],
      heldAt: utcFromEpoch(time) as UtcTime,
      metadata: {
        listid: list.listId,
        to_list: true,
        envelope_sender: sender,
        ...(metadata.lang === undefined ? {} : { lang: metadata.lang }),
      },
      content,
    });
    numbers.set(`${list.listName} ${id}`, { heldMessage: requestId });
  }
}

async function seedRequests(
  connection: Connection,
  list: MailingList,
  { held_subscriptions, held_unsubscriptions }: ExpectedRequests,
  numbers: RequestNumbers,
): Promise<void> {
  for (const [kind, people] of [
    ['subscription', held_subscriptions],
    ['unsubscription', held_unsubscriptions],
  ] as const) {
    for (const person of people) {
      const token = newToken();
      await insertRequest(
        connection,
        list,
        { kind, token, expiresAt: FAR_AWAY, tokenOwner: 'moderator' },
        person,
      );
      numbers.set(`${list.listName} ${person.id}`, { token });
    }
  }
}

/** Tokens that switch delivery on again (`E`) have no counterpart. */
async function seedToken(
  connection: Connection,
  list: MailingList,
  { op, token, evict_time, data }: ExpectedPending,
  numbers: RequestNumbers,
): Promise<void> {
  const expiresAt = utcFromEpoch(evict_time) as UtcTime;
  const [first, second, third] = data;
  const request = { token, expiresAt, tokenOwner: 'subscriber' } as const;
  switch (op) {
    case 'S':
      await insertRequest(connection, list, { ...request, kind: 'subscription' }, first as ExpectedPerson);
      break;
    case 'U':
      await insertRequest(
        connection,
        list,
        { ...request, kind: 'unsubscription' },
        { address: String(first) },
      );
      break;
    case 'C':
      await insertToken(
        connection,
        list,
        { token, expiresAt, kind: 'change_address', email: String(first) },
        {
          new_address: String(second),
          display_name: '',
          everywhere: Boolean(third),
        },
      );
      break;
    case 'H': {
      const held = numbers.get(`${list.listName} ${Number(first)}`);
      if (held && 'heldMessage' in held)
        await insertToken(
          connection,
          list,
          { token, expiresAt, kind: 'held_message', email: '' },
          {
            request_id: held.heldMessage,
          },
        );
      break;
    }
  }
}

async function insertRequest(
  connection: Connection,
  list: MailingList,
  {
    kind,
    token,
    expiresAt,
    tokenOwner,
  }: { kind: PendingKind; token: string; expiresAt: UtcTime; tokenOwner: 'subscriber' | 'moderator' },
  person: ExpectedPerson,
): Promise<void> {
  await insertToken(
    connection,
    list,
    { token, expiresAt, kind, email: person.address },
    {
      token_owner: tokenOwner,
      address: person.address,
      display_name: person.fullname ?? person.name ?? '',
      ...(person.digest ? { delivery_mode: 'mime_digests' } : {}),
      ...(person.invitation === undefined ? {} : { invitation: true }),
    },
  );
}

async function insertToken(
  connection: Connection,
  { listId }: MailingList,
  { token, expiresAt, kind, email }: { token: string; expiresAt: UtcTime; kind: PendingKind; email: string },
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const createdAt = utcFromEpoch(1_710_400_000) as UtcTime;
  await insertPending(connection, {
    token,
    listId,
    kind,
    email: addressKey(email),
    data,
    createdAt,
    expiresAt,
  });
}

async function seedDigest(connection: Connection, list: MailingList): Promise<void> {
  const path = new URL(`lists/${list.listName}/digest.mbox`, FIXTURES);
  if (!existsSync(path)) return;
  const posts = readFileSync(path)
    .toString('latin1')
    .split(/^From .*\n/m)
    .slice(1);
  for (const post of posts)
    await collectForDigest(
      connection,
      list,
      Buffer.from(post, 'latin1'),
      utcFromEpoch(1_710_400_000) as UtcTime,
    );
}

/** The mail in a heldmsg file, with CRLF; undefined where the file is damaged. */
function heldMail(file: string): Buffer | undefined {
  let message: PickleValue;
  try {
    message = readPickle(readFileSync(new URL(`data/${file}`, FIXTURES)));
  } catch {
    return undefined;
  }
  if (!isInstanceOf(message, 'Mailman.Message.Message')) return undefined;
  return Buffer.from(flatten(message), 'latin1');
}

function flatten(message: PyInstance): string {
  const headers = message.get('_headers');
  const lines = (Array.isArray(headers) ? headers : []).map((field) =>
    field instanceof PyTuple ? [...field].map(latin1).join(': ') : '',
  );
  const payload = message.get('_payload');
  if (!Array.isArray(payload)) return `${lines.join('\n')}\n\n${latin1(payload)}`;
  const boundary = /boundary="?([^";\s]+)/i.exec(lines.join('\n'))?.[1] ?? '';
  const parts = payload.map((part) =>
    isInstanceOf(part, 'Mailman.Message.Message') || isInstanceOf(part, 'email.message.Message')
      ? `--${boundary}\n${flatten(part)}\n`
      : '',
  );
  return `${lines.join('\n')}\n\n${parts.join('')}--${boundary}--\n`;
}

function latin1(value: PickleValue | undefined): string {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? value : '';
}

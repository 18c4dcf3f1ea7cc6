import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { PyBytes, type PyDict, type PyTuple } from '../../../migrate/pickle/values.ts';
import { writePickle } from '../../../migrate/pickle/writer.ts';
import { outcomeChangedNothing } from '../../../migrate/site/run-list.ts';
import { collectedPosts } from '../../../src/database/digest-messages.ts';
import { heldMessagesOf } from '../../../src/database/held-messages.ts';
import { findMembers } from '../../../src/database/members.ts';
import { findPending } from '../../../src/database/pending.ts';
import { sitePassword } from '../../../src/database/site-passwords.ts';
import { verifiesSitePassword } from '../../../src/membership/site-password.ts';
import { confirmToken } from '../../../src/membership/workflow/confirm.ts';
import { decideRequest } from '../../../src/membership/workflow/moderate.ts';
import { membershipRequests } from '../../../src/membership/workflow/requests.ts';
import { addressKey } from '../../../src/model/email-address.ts';
import { epochFromUtc } from '../../../src/model/time.ts';
import { decideHeldPost } from '../../../src/moderation/held-posts.ts';
import { copySite, type ExpectedToken, expectedSite, listIdOf, openLists } from './fixture-site.ts';
import { openSiteBench, type SiteBench } from './site-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-site-'));
let bench: SiteBench;

beforeAll(async () => {
  bench = await openSiteBench();
  const report = await bench.run();
  expect(report.failed.map(({ name }) => name)).toEqual(['truncated']);
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A post with line ends of its own inside: in transport, all of them are CRLF. */
const WITH_CR = '<20656849.GA8631.3@host.example.org>';

function sha1(bytes: Buffer): string {
  return createHash('sha1')
    .update(Buffer.from(bytes.toString('latin1').replace(/\r\n/g, '\n'), 'latin1'))
    .digest('hex');
}

describe.each(openLists)('list %s', (name, expected) => {
  const listId = listIdOf(name);

  test('has its held posts with time, sender, reason, subject and bytes', async () => {
    const held = await heldMessagesOf(bench.database.connection, listId);
    const wanted = expected.held_messages.filter(({ load_error }) => load_error === undefined);
    expect(
      held.map((post) => [
        epochFromUtc(post.heldAt).toFixed(3),
        post.sender,
        post.reasons.join(''),
        post.messageId || null,
        post.messageId === WITH_CR ? 'with CR' : sha1(post.content),
      ]),
    ).toEqual(
      wanted
        .sort((one, other) => one.id - other.id)
        .map((post) => [
          post.time.toFixed(3),
          post.sender.toLowerCase(),
          post.reason.replace(/\s*\n\s*/g, ' '),
          post.message_id,
          post.message_id === WITH_CR ? 'with CR' : post.sha1,
        ]),
    );
  });

  test('has its requests for moderators', async () => {
    const now = bench.clock.now();
    const requests = await membershipRequests(
      bench.database.connection,
      listId,
      { tokenOwner: 'moderator' },
      now,
    );
    const joining = requests.filter(({ kind }) => kind === 'subscription');
    expect(
      joining.map(({ mailbox, when, wishes }) => [
        mailbox.address,
        mailbox.displayName,
        epochFromUtc(when).toFixed(3),
        wishes.preferredLanguage,
        wishes.legacyPassword,
        wishes.deliveryMode !== 'regular',
      ]),
    ).toEqual(
      expected.held_subscriptions.map(({ address, name: person, time, language, password, digest }) => [
        address,
        person,
        time.toFixed(3),
        language,
        password,
        Boolean(digest),
      ]),
    );
    expect(
      requests.filter(({ kind }) => kind === 'unsubscription').map(({ mailbox }) => mailbox.address),
    ).toEqual(expected.held_unsubscriptions.map(({ address }) => address));
  });

  test('knows every token that Mailman mailed, until it ends there', async () => {
    const live = expected.pending.filter((token) => !token.expired_at_capture && !isOfLostPost(name, token));
    const now = bench.clock.now();
    for (const { token, op, evict_time } of live) {
      const pending = await findPending(bench.database.connection, token, now);
      expect([token, pending?.listId, pending?.kind]).toEqual([token, listId, KINDS[op]]);
      expect(epochFromUtc(pending?.expiresAt ?? now)).toBeCloseTo(evict_time, 3);
    }
    const rows = await bench.database
      .connection('pending')
      .where('list_id', listId)
      .whereNotIn(
        'token',
        live.map(({ token }) => token),
      )
      .whereNot('data', 'like', '%moderator%');
    expect(rows).toEqual([]);
  });

  test('has the posts of its next digest', async () => {
    const posts = await collectedPosts(bench.database.connection, listId);
    expect(posts.length).toBe(expected.digest_mbox?.message_ids.length ?? 0);
    const contents: Buffer[] = await bench.database
      .connection('digest_message')
      .where('list_id', listId)
      .orderBy('digest_message_id')
      .pluck('content');
    const ids = contents.map((content) => /^Message-ID:\s*(\S+)/im.exec(content.toString('latin1'))?.[1]);
    expect(ids).toEqual(expected.digest_mbox?.message_ids ?? []);
  });

  test('has as many members', async () => {
    const [row] = await bench.database
      .connection('member')
      .where({ list_id: listId, role: 'member' })
      .count({ n: '*' });
    expect(Number(row?.n)).toBe(expected.member_count.digest + expected.member_count.regular);
  });
});

const KINDS: Readonly<Record<ExpectedToken['op'], string>> = {
  S: 'subscription',
  U: 'unsubscription',
  C: 'change_address',
  H: 'held_message',
  E: 're_enable',
};

/** heldmsg-plain-6.pck is damaged: its token has nothing to decide about. */
function isOfLostPost(name: string, { op, data }: ExpectedToken): boolean {
  return name === 'plain' && op === 'H' && data[0] === 6;
}

test('passwords of the site come over and are stored by a modern hash at the first use', async () => {
  const { connection } = bench.database;
  expect(await sitePassword(connection, 'admin')).toBe(`mailman21:sha1:${expectedSite.passwords.site_sha1}`);
  expect(await sitePassword(connection, 'creator')).toBe(
    `mailman21:sha1:${expectedSite.passwords.creator_sha1}`,
  );
  const hash = createHash('sha1').update('open sesame').digest('hex');
  await connection('site_password')
    .where('role', 'creator')
    .update({ password: `mailman21:sha1:${hash}` });
  expect(await verifiesSitePassword(connection, 'creator', 'wrong')).toBe(false);
  expect(await verifiesSitePassword(connection, 'creator', 'open sesame')).toBe(true);
  expect(await sitePassword(connection, 'creator')).toMatch(/^\$argon2id\$/);
  expect(await verifiesSitePassword(connection, 'creator', 'open sesame')).toBe(true);
});

test('bounces that were not counted yet will be counted', async () => {
  const events = await bench.database
    .connection('bounce_event')
    .orderBy('event_id')
    .select('list_id', 'email');
  const wanted = Object.values(expectedSite.bounce_events).flat();
  expect(events).toEqual(wanted.map(({ list, address }) => ({ list_id: listIdOf(list), email: address })));
});

describe('a token mailed by Mailman 2 yesterday', () => {
  /** What a token of this list and kind stands for. */
  function tokenOf(
    name: string,
    op: ExpectedToken['op'],
    fits: (data: readonly unknown[]) => boolean = () => true,
  ): string {
    const found = expectedSite.lists[name]?.pending.find(
      (token) => token.op === op && !token.expired_at_capture && fits(token.data),
    );
    if (!found) throw new Error(`no ${op} on ${name}`);
    return found.token;
  }

  async function answered(name: string, token: string) {
    const fresh = await openSiteBench();
    try {
      await fresh.run(undefined, { lists: [name] });
      fresh.clock.advance(3600);
      const list = await fresh.list(name);
      const result = await fresh.step((step) => confirmToken(step, list, token, 'via email confirmation'));
      const members = async (...addresses: string[]) =>
        findMembers(fresh.database.connection, listIdOf(name), 'member', addresses.map(addressKey));
      return {
        result,
        members: await members(
          'neu@example.org',
          'bert@example.net',
          'emil@example.org',
          'emil@example.net',
          'guest@example.org',
          'bybounce@example.net',
        ),
      };
    } finally {
      await fresh.close();
    }
  }

  test('subscribes, with name, digest and language', async () => {
    const token = tokenOf(
      'plain',
      'S',
      ([person]) => (person as { address: string }).address === 'neu@example.org',
    );
    const { result, members } = await answered('plain', token);
    expect(result.outcome).toBe('subscribed');
    const member = members.get('neu@example.org');
    expect([
      member?.displayName,
      member?.preferences.delivery_mode,
      member?.preferences.preferred_language,
    ]).toEqual(['Jörg Neu', 'plaintext_digests', 'en']);
    expect(member?.legacy?.password).toBe('miibnepa');
  });

  test('accepts an invitation', async () => {
    const token = tokenOf('plain', 'S', ([person]) => 'invitation' in (person as object));
    const { result, members } = await answered('plain', token);
    expect([result.outcome, members.has('guest@example.org')]).toEqual(['subscribed', true]);
  });

  test('unsubscribes', async () => {
    const token = tokenOf('plain', 'U', ([address]) => address === 'bert@example.net');
    const { result, members } = await answered('plain', token);
    expect([result.outcome, members.has('bert@example.net')]).toEqual(['unsubscribed', false]);
  });

  test('changes an address', async () => {
    const token = tokenOf('plain', 'C', ([old]) => old === 'emil@example.net');
    const { result, members } = await answered('plain', token);
    expect([result.outcome, members.has('emil@example.net'), members.has('emil@example.org')]).toEqual([
      'address_changed',
      false,
      true,
    ]);
  });

  test('switches delivery on again', async () => {
    const { result, members } = await answered('members-lab', tokenOf('members-lab', 'E'));
    expect([result.outcome, members.get('bybounce@example.net')?.preferences.delivery_status]).toEqual([
      'delivery_enabled',
      'enabled',
    ]);
  });

  test('does nothing when it has ended', async () => {
    const fresh = await openSiteBench();
    await fresh.run(undefined, { lists: ['plain'] });
    fresh.clock.advance(10 * 86_400);
    const token = tokenOf('plain', 'U');
    const list = await fresh.list('plain');
    await expect(fresh.step((step) => confirmToken(step, list, token, ''))).rejects.toThrow(
      'No such request',
    );
    await fresh.close();
  });
});

describe('a second run', () => {
  test('changes nothing', async () => {
    const again = await openSiteBench();
    await again.run(undefined, { queues: true });
    const before = await dump(again);
    again.clock.advance(60);
    const report = await again.run(undefined, { queues: true });
    expect(report.lists.filter((outcome) => !outcomeChangedNothing(outcome))).toEqual([]);
    expect(await dump(again)).toEqual(before);
    await again.close();
  });

  test('does not bring back what was decided here', async () => {
    const again = await openSiteBench();
    await again.run(undefined, { lists: ['plain', 'privat'] });
    const [post] = await heldMessagesOf(again.database.connection, listIdOf('plain'));
    const plain = await again.list('plain');
    await again.step((step) => decideHeldPost(step, plain, post?.requestId ?? 0, { kind: 'accept' }));
    const [request] = await membershipRequests(
      again.database.connection,
      listIdOf('privat'),
      {},
      again.clock.now(),
    );
    const privat = await again.list('privat');
    await again.step((step) => decideRequest(step, privat, request?.token ?? '', { kind: 'accept' }));
    await again.run(undefined, { lists: ['plain', 'privat'] });
    const held = await heldMessagesOf(again.database.connection, listIdOf('plain'));
    expect(held.map(({ requestId }) => requestId)).not.toContain(post?.requestId);
    expect(held.length).toBe(14);
    expect(
      await membershipRequests(again.database.connection, listIdOf('privat'), {}, again.clock.now()),
    ).toEqual([]);
    await again.close();
  });

  // Mailman 2.1 notes 1 (its From is changed) or 2 (it is wrapped) where the author's domain wants that, else 0.
  test('keeps that a held post has to be mitigated for DMARC', async () => {
    const source = copySite(join(folder, 'dmarc'));
    const file = join(source, 'lists/plain/request.pck');
    const requests = readPickle(readFileSync(file)) as PyDict;
    for (const [id, noted] of [[1, 1] as const, [2, 2] as const]) {
      const [, data] = (requests.get(id) as PyTuple).items;
      ((data as PyTuple).items.at(-1) as PyDict).set(new PyBytes('from_is_list'), noted);
    }
    writeFileSync(file, writePickle(requests, 1));
    const again = await openSiteBench();
    await again.run(source, { lists: ['plain'] });
    const held = await heldMessagesOf(again.database.connection, listIdOf('plain'));
    expect(held.slice(0, 3).map(({ sender, metadata }) => [sender, metadata.dmarc])).toEqual([
      ['stranger@example.net', true],
      ['rene@example.net', true],
      ['zurich@example.net', undefined],
    ]);
    await again.close();
  });

  test('takes away what Mailman 2 has decided meanwhile, and leaves what it cannot read', async () => {
    const source = copySite(join(folder, 'decided'));
    const again = await openSiteBench();
    await again.run(source, { lists: ['plain', 'announce'] });
    unlinkSync(join(source, 'lists/plain/request.pck'));
    unlinkSync(join(source, 'lists/plain/digest.mbox'));
    writeFileSync(join(source, 'lists/announce/request.pck'), 'damaged');
    const report = await again.run(source, { lists: ['plain', 'announce'] });
    expect(await heldMessagesOf(again.database.connection, listIdOf('plain'))).toEqual([]);
    expect(await collectedPosts(again.database.connection, listIdOf('plain'))).toEqual([]);
    expect(await heldMessagesOf(again.database.connection, listIdOf('announce'))).toHaveLength(3);
    expect(report.lists[1]?.notes.map(({ text }) => text).join()).toMatch(/request\.pck is damaged/);
    await again.close();
  });
});

test('a dry run changes nothing', async () => {
  const empty = await openSiteBench();
  const report = await empty.run(undefined, { dryRun: true });
  expect(report.lists.find(({ name }) => name === 'plain')?.held_posts.added).toBe(15);
  expect(await dump(empty)).toEqual({});
  await empty.close();
});

test('a list goes to the domain that is named', async () => {
  const moved = await openSiteBench();
  await moved.run(undefined, { lists: ['plain'], domainOf: new Map([['plain', 'new.example.net']]) });
  expect(await moved.database.connection('mailing_list').pluck('list_id')).toEqual(['plain.new.example.net']);
  await moved.close();
});

/** How many rows each table has, without those that every database begins with. */
async function dump({ database }: SiteBench): Promise<Record<string, number>> {
  const tables = [
    'mailing_list',
    'member',
    'held_message',
    'pending',
    'digest_message',
    'queue_entry',
    'bounce_event',
    'migrated_item',
    'migrated_source',
    'site_password',
    'template',
  ];
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const row = await database.connection(table).count({ n: '*' }).first<{ n: number }>();
    if (Number(row.n) > 0) counts[table] = Number(row.n);
  }
  return counts;
}

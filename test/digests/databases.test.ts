import { expect, test } from 'vitest';
import { digestRecipients } from '../../src/database/digest-recipients.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { updateMember } from '../../src/database/members.ts';
import { listEntries } from '../../src/database/queue-entries.ts';
import { loadMessage } from '../../src/database/queue-messages.ts';
import { collectForDigest } from '../../src/digests/collect.ts';
import { digestStep } from '../../src/digests/digest-step.ts';
import { sendDigest } from '../../src/digests/send.ts';
import { virginStep } from '../../src/flow/pipeline-step.ts';
import { keepLastDigests } from '../../src/membership/last-digest.ts';
import { Message } from '../../src/message/message.ts';
import { noPreferences } from '../../src/model/preferences.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import { onEachDialect } from '../database/dialects.ts';
import { sampleList, storeList, storeMember } from '../database/samples.ts';
import { mail } from '../support/flow.ts';
import { testServices } from '../support/services.ts';

const LIST = 'ant.example.com';

/** A list with a member for each form. */
async function prepare(database: Database): Promise<void> {
  await database.transaction(async (connection) => {
    const list = await storeList(connection, sampleList('ant'));
    const joined = (mode: 'mime_digests' | 'plaintext_digests') => ({
      member: { preferences: { ...noPreferences, delivery_mode: mode } },
    });
    await storeMember(connection, list, 'Mime@Example.net', joined('mime_digests'));
    await storeMember(connection, list, 'Plain@Example.net', joined('plaintext_digests'));
  });
}

const post = (subject: string) => Buffer.from(mail({ Subject: subject }));

await onEachDialect('digests', (place) => {
  const start = async (database: Database, instance = 'test') => {
    const services = testServices(database);
    const engine = new QueueEngine(
      services,
      {
        processors: {
          digest: ({ message, metadata }, step) => digestStep(message, metadata, step),
          virgin: virginStep,
        },
      },
      instance,
    );
    await engine.start();
    return { services, engine };
  };

  /** What waits for delivery: recipients and subjects of the posts in it. */
  const outgoing = async ({ connection }: Database) => {
    const entries = await listEntries(connection, 'out');
    return Promise.all(
      entries.map(async (entry) => {
        const bytes = (await loadMessage(connection, entry.message_id)) ?? Buffer.alloc(0);
        const { recipients } = JSON.parse(entry.metadata) as { recipients: string[] };
        const subjects = [...bytes.toString().matchAll(/^Subject: \[Ant\] (post \d+)/gm)].map(
          ([, subject]) => subject,
        );
        return { recipients, digest: Message.parse(bytes).headers.get('Subject'), subjects };
      }),
    );
  };

  test('posts go out in their order, each to both forms, and leave nothing behind', async () => {
    const database = await place.open();
    await prepare(database);
    const { services, engine } = await start(database);
    for (const number of [1, 2, 3]) {
      await engine.accept('digest', post(`[Ant] post ${number}`), { listid: LIST });
      await engine.drain();
    }
    expect(await outgoing(database)).toEqual([]);
    await runStep(services, (step) => sendDigest(step, LIST));
    await engine.drain();
    await engine.stop();
    const expected = { digest: 'Ant Digest, Vol 1, Issue 1', subjects: ['post 1', 'post 2', 'post 3'] };
    expect(await outgoing(database)).toEqual([
      { ...expected, recipients: ['Mime@Example.net'] },
      { ...expected, recipients: ['Plain@Example.net'] },
    ]);
    expect(await database.connection('digest_message').select()).toEqual([]);
    expect(await database.connection('digest_message_piece').select()).toEqual([]);
    expect((await findList(database.connection, LIST))?.nextDigestNumber).toBe(2);
  });

  test('two processes that collect and send at once give each post one digest, and each digest its number', async () => {
    const url = await place.freshUrl();
    const databases = [await place.openUrl(url), await place.openUrl(url)] as const;
    const [first] = databases;
    await prepare(first);
    await first.transaction(async (connection) => {
      const list = await findList(connection, LIST);
      // Some four posts.
      if (list) await updateSettings(connection, list, { digest_size_threshold: 0.8 });
    });
    const running = await Promise.all(databases.map((database, index) => start(database, `host ${index}`)));
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    await Promise.all(
      numbers.map(async (number) => {
        const { services, engine } = running[number % 2] ?? running[0] ?? (await start(first));
        await engine.accept('digest', post(`[Ant] post ${number}`), { listid: LIST });
        if (number % 3 === 0) await runStep(services, (step) => sendDigest(step, LIST));
      }),
    );
    for (const { engine } of running) await engine.drain();
    for (const { services } of running) await runStep(services, (step) => sendDigest(step, LIST));
    for (const { engine } of running) await engine.drain();
    for (const { engine } of running) await engine.stop();
    const digests = await outgoing(first);
    for (const recipient of ['Mime@Example.net', 'Plain@Example.net']) {
      const theirs = digests.filter(({ recipients }) => recipients.includes(recipient));
      const subjects = theirs.flatMap((digest) => digest.subjects);
      expect(subjects.sort()).toEqual(numbers.map((number) => `post ${number}`).sort());
      expect(new Set(theirs.map(({ digest }) => digest)).size).toBe(theirs.length);
    }
    const count = digests.length / 2;
    expect((await findList(first.connection, LIST))?.nextDigestNumber).toBe(count + 1);
  });

  test('a step that fails takes everything back', async () => {
    const database = await place.open();
    await prepare(database);
    const services = testServices(database);
    await database.transaction((connection) =>
      collectForDigest(connection, { listId: LIST }, post('[Ant] post 1'), services.clock.now()),
    );
    const broken = runStep(services, async (step) => {
      await sendDigest(step, LIST);
      throw new Error('the power is gone');
    });
    await expect(broken).rejects.toThrow('the power is gone');
    expect((await findList(database.connection, LIST))?.nextDigestNumber).toBe(1);
    expect(await database.connection('queue_entry').select()).toEqual([]);
    expect(await runStep(services, (step) => sendDigest(step, LIST))).toMatchObject([
      { number: 1, posts: 1 },
    ]);
  });

  test('the last digest of a member is noted, and gone with the membership', async () => {
    const database = await place.open();
    await prepare(database);
    await database.transaction(async (connection) => {
      const list = await findList(connection, LIST);
      if (!list) throw new Error('the list is gone');
      const { member } = await storeMember(connection, list, 'Dora@Example.net', {
        member: { preferences: { ...noPreferences, delivery_mode: 'mime_digests' } },
      });
      await collectForDigest(connection, list, post('x'), list.createdAt);
      const regular = { ...member, preferences: { ...noPreferences, delivery_mode: 'regular' as const } };
      await keepLastDigests(connection, [member], () => updateMember(connection, regular));
      const recipients = { mime: ['Mime@Example.net'], plain: ['Plain@Example.net'] };
      expect(await digestRecipients(connection, LIST, [])).toEqual({
        ...recipients,
        mime: [...recipients.mime, 'Dora@Example.net'],
      });
      await connection('member').where('member_id', member.memberId).delete();
      expect(await digestRecipients(connection, LIST, ['dora@example.net'])).toEqual(recipients);
      expect(await connection('last_digest').select()).toEqual([]);
    });
  });

  test('a post of many pieces comes back as it was', async () => {
    const database = await place.open();
    await prepare(database);
    const body = Buffer.alloc(9 * 1024 * 1024, `${'x'.repeat(70)}\r\n`);
    const big = Buffer.concat([Buffer.from('Subject: [Ant] post 1\r\n\r\n'), body]);
    const { services, engine } = await start(database);
    await engine.accept('digest', big, { listid: LIST });
    await engine.drain();
    await runStep(services, (step) => sendDigest(step, LIST));
    await engine.drain();
    await engine.stop();
    const [mime] = await listEntries(database.connection, 'out');
    const bytes = (await loadMessage(database.connection, mime?.message_id ?? '')) ?? Buffer.alloc(0);
    expect(bytes.includes(body)).toBe(true);
  });
});

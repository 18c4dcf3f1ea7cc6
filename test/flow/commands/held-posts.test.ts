import { describe, expect, it } from 'vitest';
import { countHeldMessages } from '../../../src/database/held-messages.ts';
import { holdPost } from '../../../src/flow/hold-post.ts';
import { hashPassword } from '../../../src/membership/passwords.ts';
import { Message } from '../../../src/message/message.ts';
import { commandBench } from './bench.ts';

const bench = commandBench();

/** Has a post held. @returns the token that the moderators get */
async function hold(): Promise<string> {
  await bench().set({ moderator_password: await hashPassword('geheim') });
  const message = Message.of(
    [
      ['From', 'zed@example.net'],
      ['Subject', 'Hello'],
      ['Message-ID', '<p@x>'],
    ],
    'Hi',
  );
  await bench().run((step, list) =>
    holdPost({ list, message, metadata: { listid: list.listId } }, step, 'zed@example.net'),
  );
  const row = await bench().database.connection('pending').where('kind', 'held_message').first('token');
  bench().queued.splice(0);
  return row.token;
}

const held = () => countHeldMessages(bench().database.connection, 'ant.example.com');

describe('a reply about a held post', () => {
  it('accepts it with the right password, in a header or in the first line', async () => {
    for (const [header, body] of [
      [{ Approved: 'geheim' }, ''],
      [{}, 'Approved: geheim\n> quoted\n'],
    ] as const) {
      const token = await hold();
      await bench().send({ Subject: `Re: confirm ${token}`, ...header }, body);
      expect(bench().queued[0]?.queue).toBe('pipeline');
      expect(bench().resultLines()).toEqual(['Message accepted']);
      expect(await held()).toBe(0);
      bench().queued.splice(0);
    }
  });

  it('accepts it however mailers write the line', async () => {
    const html = { 'Content-Type': 'text/html' };
    for (const [headers, body] of [
      [{ 'Content-Type': 'text/plain; charset=utf-8' }, 'Approved:\u00a0geheim\n'],
      [{ 'Content-Type': 'text/plain; charset=utf-8' }, 'Approved：geheim\n'],
      [html, '<html><body><p>Approved:&nbsp;<b>geheim</b></p><p>Anne</p></body></html>'],
      [{}, 'Thank you.\n\nApproved: geheim\n'],
    ] as const) {
      const token = await hold();
      await bench().send({ Subject: `Re: confirm ${token}`, ...headers }, body);
      expect(bench().resultLines()).toEqual(['Message accepted']);
      expect(await held()).toBe(0);
      bench().queued.splice(0);
    }
  });

  it('keeps it where a password was meant but is not there', async () => {
    const token = await hold();
    for (const [headers, body] of [
      [{ Approved: '' }, ''],
      [{}, '> Approved:\n'],
      [{ 'Content-Type': 'text/html' }, '<p>Approved:</p>'],
    ] as const) {
      await bench().send({ Subject: `confirm ${token}`, ...headers }, body);
      expect(bench().resultLines()).toEqual(['Invalid Approved: password']);
    }
    expect(await held()).toBe(1);
  });

  it('is answered however many posts a moderator decides about in a day', async () => {
    for (let post = 0; post < 12; post += 1) {
      await bench().send({ Subject: `confirm ${await hold()}` });
      expect(bench().resultLines()).toEqual(['Message discarded']);
    }
  });

  it('keeps it with a wrong one, and never says the password again', async () => {
    const token = await hold();
    for (const body of ['Approved: wrong\necho x\n', 'Hello\nApproved: wrong\necho x\n']) {
      await bench().send({ Subject: `confirm ${token}` }, body);
      const [answer = ''] = bench().results();
      expect(answer).toContain('- Results:\n    Invalid Approved: password\n');
      expect(answer).not.toContain('wrong');
    }
    expect(await held()).toBe(1);
    await bench().send({ Subject: `confirm ${token}`, Approved: 'geheim' });
    expect(await held()).toBe(0);
  });

  it('discards it without a password, once', async () => {
    const token = await hold();
    await bench().send({ Subject: `confirm ${token}` });
    expect(bench().resultLines()).toEqual(['Message discarded']);
    expect(await held()).toBe(0);
    await bench().send({ Subject: `confirm ${token}` });
    expect(bench().resultLines()).toEqual(['Confirmation token did not match']);
  });

  it('does nothing when a robot sends it', async () => {
    const token = await hold();
    await bench().send({ Subject: `Re: confirm ${token}`, 'Auto-Submitted': 'auto-replied' });
    expect(await held()).toBe(1);
  });
});

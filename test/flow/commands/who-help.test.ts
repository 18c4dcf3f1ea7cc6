import { describe, expect, it } from 'vitest';
import { commandBench } from './bench.ts';

const bench = commandBench();

describe('who', () => {
  const ask = async (from: string, words = ''): Promise<string[]> => {
    await bench().send({ From: from, Subject: `who ${words}` });
    return bench().resultLines();
  };
  const HEADING = 'Members of the ant@example.com mailing list:';
  const HIDDEN = ['You are not authorized to see the membership list.'];

  it('answers whom member_roster_visibility allows', async () => {
    await bench().join('owner', 'owner@example.com');
    await bench().join('moderator', 'moderator@example.com');
    await bench().join('member', 'Zoe <zoe@example.com>', 'Bart@Example.com');
    const all = [HEADING, '    Bart@Example.com', '    zoe@example.com (Zoe)'];
    const seen = { owner: all, moderator: all, bart: all, stranger: all };
    const allowed = {
      public: seen,
      members: { ...seen, stranger: HIDDEN },
      moderators: { ...seen, bart: HIDDEN, stranger: HIDDEN },
    };
    for (const [visibility, answers] of Object.entries(allowed)) {
      await bench().set({ member_roster_visibility: visibility as keyof typeof allowed });
      for (const [name, answer] of Object.entries(answers))
        expect(await ask(`${name}@example.com`), `${name}, ${visibility}`).toEqual(answer);
    }
  });

  it('picks by delivery, for each word that is given', async () => {
    await bench().set({ member_roster_visibility: 'public' });
    await bench().join('member', 'a@x.example', 'b@x.example', 'c@x.example');
    const set = (email: string, change: Record<string, string>) =>
      bench().database.connection('member').where({ email }).update(change);
    await set('b@x.example', { delivery_mode: 'mime_digests' });
    await set('c@x.example', { delivery_status: 'by_user' });
    expect(await ask('x@example.com', 'mode=digest')).toEqual([HEADING, '    b@x.example']);
    expect(await ask('x@example.com', 'Mode=regular')).toEqual([
      HEADING,
      '    a@x.example',
      '    c@x.example',
    ]);
    expect(await ask('x@example.com', 'delivery=disabled')).toEqual([HEADING, '    c@x.example']);
    expect(await ask('x@example.com', 'mode=regular delivery=enabled')).toEqual([HEADING, '    a@x.example']);
    expect(await ask('x@example.com', 'password')).toEqual(['Unrecognized or invalid argument(s): password']);
  });

  it('shows who has chosen to be hidden to moderators only', async () => {
    await bench().set({ member_roster_visibility: 'public' });
    await bench().join('owner', 'owner@example.com');
    await bench().join('member', 'a@x.example', 'b@x.example');
    await bench().database.connection('member').where('email', 'b@x.example').update({ hide_address: 1 });
    expect(await ask('a@x.example')).toEqual([HEADING, '    a@x.example']);
    expect(await ask('owner@example.com')).toEqual([HEADING, '    a@x.example', '    b@x.example']);
  });

  it('answers the address whose standing counts, not another one of the mail', async () => {
    await bench().join('owner', 'owner@example.com');
    await bench().send({ From: 'owner@example.com', 'Reply-To': 'spy@example.net', Subject: 'who' });
    expect(bench().queued[0]?.metadata.recipients).toEqual(['owner@example.com']);
  });
});

describe('help', () => {
  it('lists every command with its other names', async () => {
    await bench().send({ Subject: 'help' });
    const names = bench()
      .resultLines()
      .map((line) => line.slice(0, 22).trim())
      .filter((name) => name !== '');
    expect(names).toEqual([
      'confirm',
      'echo',
      'end, stop',
      'help',
      'join, subscribe',
      'leave, unsubscribe',
      'who',
    ]);
  });

  it('explains one', async () => {
    await bench().send({ Subject: 'help Subscribe' });
    const lines = bench().resultLines();
    expect(lines[0]).toBe('join [digest=no|mime|plain] [address=<address>]');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(70);
  });

  it('says what it does not know', async () => {
    await bench().send({ Subject: 'help me' });
    expect(bench().resultLines()).toEqual(['help: no such command: me']);
    await bench().send({ Subject: 'help join now' });
    expect(bench().resultLines()).toEqual(['help: too many arguments: join now']);
  });
});

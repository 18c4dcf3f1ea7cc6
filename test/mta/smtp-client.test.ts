import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { connectSmtp, type SmtpClient } from '../../src/mta/smtp-client.ts';
import { ConnectionTroubleError } from '../../src/mta/smtp-session.ts';
import { runs } from '../support/properties.ts';
import { defaultConfig } from '../support/services.ts';
import { type Said, type Script, startScriptedServer } from './scripted-server.ts';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const MESSAGE = Buffer.from('Subject: x\r\n\r\n.dot\r\nx\r\n');
const PEOPLE = ['a@x.org', 'b@x.org', 'c@x.org'];

async function connect(port: number): Promise<SmtpClient> {
  const config = defaultConfig();
  const mta = { ...config.mta, smtp_host: '127.0.0.1', smtp_port: port };
  const client = await connectSmtp({ ...config, mta });
  ends.push(() => client.close());
  return client;
}

async function setUp(script: Script) {
  const server = await startScriptedServer(script);
  ends.push(() => server.stop());
  return { server, client: await connect(server.port) };
}

const send = (client: SmtpClient, recipients: readonly string[] = PEOPLE, message = MESSAGE) =>
  client.send({ sender: 'ant-bounces@example.com', recipients, message });

/** Refusals as pairs of recipient and code. */
const codes = (refused: ReadonlyMap<string, { readonly code: number }>) =>
  [...refused].map(([recipient, { code }]) => [recipient, code]).sort();

const USUAL: Readonly<Record<string, string>> = { DATA: '354 Go on\r\n' };

/** Replies by verb or by a word in the command; the usual ones otherwise. */
const replies =
  (own: Readonly<Record<string, string>> = {}) =>
  ({ verb, line }: Said): string =>
    Object.entries(own).find(([word]) => verb === word || line.includes(word))?.[1] ??
    USUAL[verb] ??
    '250 2.0.0 Ok\r\n';

const verbs = (said: readonly Said[]) => said.map(({ verb }) => verb).join(' ');

describe('one transaction', () => {
  test('with PIPELINING the whole envelope is there before the first reply', async () => {
    let heard = 0;
    const { server, client } = await setUp({
      reply: ({ verb }) => {
        heard += 1;
        if (verb === 'END') return '250 Ok\r\n';
        return heard < 5 ? '' : '250 Ok\r\n250 Ok\r\n250 Ok\r\n250 Ok\r\n354 Go on\r\n';
      },
    });
    expect(await send(client)).toEqual(new Map());
    expect(verbs(server.said)).toBe('MAIL RCPT RCPT RCPT DATA END');
    expect(server.said.at(-1)?.line).toBe('Subject: x\r\n\r\n..dot\r\nx');
  });

  test('without it commands go one at a time, and no DATA where nobody is left', async () => {
    const { server, client } = await setUp({
      extensions: [],
      reply: replies({ 'gone@': '550 Gone\r\n', 'nobody@': '451 Later\r\n' }),
    });
    expect(codes(await send(client, ['gone@x.org', 'a@x.org']))).toEqual([['gone@x.org', 550]]);
    expect(codes(await send(client, ['gone@x.org', 'nobody@x.org']))).toEqual([
      ['gone@x.org', 550],
      ['nobody@x.org', 451],
    ]);
    expect(codes(await send(client, ['b@x.org']))).toEqual([]);
    expect(verbs(server.said)).toBe('MAIL RCPT RCPT DATA END MAIL RCPT RCPT RSET MAIL RCPT DATA END');
  });

  test('a refused sender counts for all, not what is said of the recipients after it', async () => {
    for (const extensions of [['PIPELINING'], []]) {
      const { client } = await setUp({
        extensions,
        reply: replies({
          MAIL: '452 4.3.1 Disk full\r\n',
          RCPT: '503 5.5.1 Need MAIL\r\n',
          DATA: '503 No\r\n',
        }),
      });
      expect(codes(await send(client))).toEqual(PEOPLE.map((one) => [one, 452]));
    }
  });

  test('DATA that is refused, or the message, concerns those who were not refused before', async () => {
    for (const place of ['DATA', 'END']) {
      const { client } = await setUp({ reply: replies({ 'b@': '550 Gone\r\n', [place]: '451 Later\r\n' }) });
      expect(codes(await send(client))).toEqual([
        ['a@x.org', 451],
        ['b@x.org', 550],
        ['c@x.org', 451],
      ]);
    }
  });

  test('a server that wants a message for nobody gets an empty one (RFC 2920)', async () => {
    const { server, client } = await setUp({
      reply: (said) =>
        said.verb === 'END' && said.line === ''
          ? '554 Nobody\r\n'
          : replies({ 'gone@': '550 Gone\r\n' })(said),
    });
    expect(codes(await send(client, ['gone@x.org']))).toEqual([['gone@x.org', 550]]);
    expect(server.said.at(-1)).toEqual({ verb: 'END', line: '' });
    expect(codes(await send(client, ['a@x.org']))).toEqual([]);
    expect(verbs(server.said)).toBe('MAIL RCPT DATA END MAIL RCPT DATA END');
  });

  test('one that refuses the sender, takes recipients, and wants a message, gets none', async () => {
    const { server, client } = await setUp({ reply: replies({ MAIL: '550 Not you\r\n' }) });
    expect(codes(await send(client))).toEqual(PEOPLE.map((one) => [one, 550]));
    expect(client.isUsable).toBe(false);
    expect(verbs(server.said)).toBe('MAIL RCPT RCPT RCPT DATA');
  });

  test('a message that is larger than the server has announced is not sent', async () => {
    const { server, client } = await setUp({ extensions: ['PIPELINING', 'SIZE 20'], reply: replies() });
    expect(codes(await send(client))).toEqual(PEOPLE.map((one) => [one, 552]));
    expect(server.said).toEqual([]);
  });

  test('what MAIL says depends on what the server offers', async () => {
    const message = Buffer.from('Subject: x\r\n\r\n\xe9\r\n', 'latin1');
    const able = await setUp({
      extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE'],
      reply: replies(),
    });
    await send(able.client, ['björn@x.org'], message);
    await send(able.client, ['a@x.org']);
    expect(able.server.said.filter(({ verb }) => verb === 'MAIL').map(({ line }) => line)).toEqual([
      'MAIL FROM:<ant-bounces@example.com> SMTPUTF8 BODY=8BITMIME SIZE=17',
      `MAIL FROM:<ant-bounces@example.com> SIZE=${MESSAGE.length}`,
    ]);
    const unable = await setUp({ extensions: [], reply: replies() });
    expect(codes(await send(unable.client, ['björn@x.org', 'a@x.org'], message))).toEqual([
      ['björn@x.org', 550],
    ]);
    expect(unable.server.said[0]?.line).toBe('MAIL FROM:<ant-bounces@example.com>');
  });

  test('a large message arrives whole, dots doubled and lone line ends completed wherever pieces meet', async () => {
    const { server, client } = await setUp({ extensions: ['PIPELINING'], reply: replies() });
    const lines = `${'.'.repeat(7)}\r\n`.repeat(60_000);
    for (const start of ['', 'x', '\r\n', 'xx\n']) {
      await send(client, ['a@x.org'], Buffer.from(`${start}${lines}a\r.\rb\n.end`));
      const sent = `${start === 'xx\n' ? 'xx\r\n' : start}${lines}a\r\n.\r\nb\r\n.end`;
      const stuffed = sent.replaceAll(/^\./gm, '..');
      expect(server.said.at(-1)?.line === stuffed).toBe(true);
    }
  });

  test('an answer in the middle of a large message ends it', async () => {
    const { client } = await setUp({
      extensions: ['PIPELINING'],
      reply: ({ verb }) => (verb === 'DATA' ? '354 Go on\r\n554 Too much\r\n' : '250 Ok\r\n'),
    });
    await expect(send(client, ['a@x.org'], Buffer.alloc(50_000_000, 'x\r\n'))).rejects.toMatchObject({
      isUncertain: false,
    });
  });

  test('goodbye is said', async () => {
    const { server, client } = await setUp({ reply: replies() });
    await send(client);
    client.close();
    await expect.poll(() => server.said.at(-1)?.verb).toBe('QUIT');
  });
});

describe('a server that is out of order', () => {
  test.each([
    ['says 421 instead of an answer', { RCPT: '421 4.3.2 Shutting down\r\n' }, 421, false],
    ['says 421 after the message', { END: '421 4.3.2 Shutting down\r\n' }, 421, false],
    ['answers too much', { MAIL: '250 Ok\r\n250 Ok\r\n' }, 444, false],
    ['takes DATA with 250', { DATA: '250 Ok\r\n' }, 444, false],
    ['answers RCPT with 354', { RCPT: '354 Go on\r\n' }, 444, false],
    ['answers the message with 354', { END: '354 Go on\r\n' }, 444, true],
    ['answers the message with what is no reply', { END: 'Ok\r\n' }, 444, true],
    ['gives two codes in one reply', { RCPT: '250-Ok\r\n550 No\r\n' }, 444, false],
    ['answers 199', { MAIL: '199 Hm\r\n' }, 444, false],
    ['ends lines never', { MAIL: `250 ${'x'.repeat(100_000)}` }, 444, false],
    ['ends replies never', { MAIL: '250-x\r\n'.repeat(100_000) }, 444, false],
  ] as const)('%s', async (_what, own, code, isUncertain) => {
    const { client } = await setUp({ reply: replies(own) });
    await expect(send(client)).rejects.toMatchObject({ name: 'ConnectionTroubleError', code, isUncertain });
    expect(client.isUsable).toBe(false);
    await expect(send(client)).rejects.toMatchObject({ isUncertain: false });
  });

  test('an answer that nobody has asked for ends the connection, not what was answered before', async () => {
    const { client } = await setUp({ reply: replies({ END: '250 Ok\r\n250 Ok again\r\n' }) });
    expect(await send(client)).toEqual(new Map());
    expect(client.isUsable).toBe(false);
  });
});

/** Codes a server may answer with, in the order of the replies to one transaction. */
const scenario = fc.record({
  isPipelined: fc.boolean(),
  mail: fc.constantFrom(250, 250, 250, 451, 550),
  recipients: fc.array(fc.constantFrom(250, 250, 251, 450, 550), { minLength: 1, maxLength: 5 }),
  data: fc.constantFrom(354, 354, 354, 451, 554),
  verdict: fc.constantFrom(250, 250, 452, 554),
  isLong: fc.boolean(),
  cuts: fc.array(fc.nat(12), { minLength: 1, maxLength: 5 }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function scriptOf({ isPipelined, mail, recipients, data, verdict, isLong, cuts }: Scenario): Script {
  let next = 0;
  let isOpen = false;
  let taken = 0;
  const line = (code: number): string =>
    isLong ? `${code}-one\r\n${code}-\r\n${code}\r\n` : `${code} x\r\n`;
  return {
    extensions: isPipelined ? ['PIPELINING'] : [],
    reply: ({ verb, line: command }) => {
      if (verb === 'RSET') return line(250);
      if (verb === 'MAIL') {
        next = 0;
        taken = 0;
        isOpen = mail === 250 || command.includes('again');
        return line(isOpen ? 250 : mail);
      }
      if (verb === 'RCPT') {
        const code = command.includes('again') ? 250 : (recipients[next++] ?? 250);
        if (isOpen && code < 300) taken += 1;
        return line(isOpen ? code : 503);
      }
      if (verb === 'DATA') return line(taken === 0 ? 503 : command.includes('again') ? 354 : data);
      return line(verdict);
    },
    cut: (bytes) => {
      const pieces: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = (cuts[turn % cuts.length] ?? 0) + 1;
        pieces.push(bytes.slice(at, at + size));
        at += size;
      }
      return pieces;
    },
  };
}

/** What the sender has to learn of a scenario. */
function outcomeOf({ mail, recipients, data, verdict }: Scenario): (readonly [string, number])[] {
  const last = data === 354 ? verdict : data;
  return recipients.flatMap((code, index): (readonly [string, number])[] => {
    const answer = mail >= 400 ? mail : code >= 400 ? code : last;
    return answer >= 400 ? [[`r${index}@x.org`, answer]] : [];
  });
}

const peopleOf = ({ recipients }: Scenario) => recipients.map((_, index) => `r${index}@x.org`);

describe('whatever the replies, and however they come', () => {
  test('everybody is answered for, by his own answer; the connection goes on', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (one) => {
        const server = await startScriptedServer(scriptOf(one));
        const client = await connect(server.port);
        try {
          for (let round = 0; round < 2; round += 1) {
            expect(codes(await send(client, peopleOf(one)))).toEqual(outcomeOf(one));
          }
          expect(client.isUsable).toBe(true);
        } finally {
          client.close();
          await server.stop();
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test('a connection that breaks off anywhere is trouble, uncertain only where the message may have been taken', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, fc.nat(120), async (one, closeAfter) => {
        const server = await startScriptedServer({ ...scriptOf(one), closeAfter });
        const client = await connect(server.port);
        try {
          const outcome = await send(client, peopleOf(one)).catch((error: unknown) => error);
          const hasEnd = server.said.some(({ verb }) => verb === 'END');
          if (outcome instanceof Map) expect(codes(outcome)).toEqual(outcomeOf(one));
          else {
            expect(outcome).toBeInstanceOf(ConnectionTroubleError);
            if (hasEnd) expect(outcome).toMatchObject({ isUncertain: true });
          }
        } finally {
          client.close();
          await server.stop();
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test('nonsense never hangs, and is never certain once the message was there', async () => {
    const nonsense = fc.oneof(
      fc.constantFrom(
        '250 Ok\r\n',
        '354 Go on\r\n',
        '421 Bye\r\n',
        '550 No\r\n',
        '250-Ok\r\n',
        '\r\n',
        '25',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(
        scenario,
        fc.array(nonsense, { minLength: 1, maxLength: 6 }),
        fc.nat(6),
        async (one, words, from) => {
          const script = scriptOf(one);
          let turn = 0;
          const closeAfter = 400;
          const reply = (said: Said): string => {
            turn += 1;
            // In the end it breaks off, so that nobody waits for the rest of a line.
            return turn <= from ? script.reply(said) : `${words.join('')}`.padEnd(closeAfter, '\0');
          };
          const server = await startScriptedServer({ ...script, reply, closeAfter });
          const client = await connect(server.port);
          try {
            const outcome = await send(client, peopleOf(one)).catch((error: unknown) => error);
            if (outcome instanceof Map) {
              for (const [recipient, { code }] of outcome as Awaited<ReturnType<typeof send>>) {
                expect(peopleOf(one)).toContain(recipient);
                expect(code).toBeGreaterThanOrEqual(400);
              }
            } else expect(outcome).toBeInstanceOf(ConnectionTroubleError);
          } finally {
            client.close();
            await server.stop();
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });
});

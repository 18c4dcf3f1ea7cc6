import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { putTemplate } from '../../src/database/templates.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import { forgetOldTemplates } from '../../src/templates/fetching.ts';
import { findTemplate } from '../../src/templates/lookup.ts';
import { type Installation, installation, LIST, SITE } from './installation.ts';

const WELCOME = 'list:user:notice:welcome';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let answer: Answer = () => {};
let origin = '';
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  answer(request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
});

const say =
  (text: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(text);
  };

async function found({ step, list }: Installation, language = 'en') {
  return (await findTemplate(step, { name: WELCOME, list, language, variables: { user_email: 'a b/@x' } }))
    .text;
}

async function at(path: string): Promise<Installation> {
  const here = await installation();
  await putTemplate(here.database.connection, LIST, {
    name: WELCOME,
    language: '',
    source: { uri: path.includes(':') ? path : origin + path, username: null, password: null },
  });
  return here;
}

describe('a template on a web server', () => {
  test('is fetched, and cached for cache_life', async () => {
    const here = await at('/welcome.txt');
    answer = say('Hello\r\nyou');
    expect(await found(here)).toBe('Hello\nyou');
    answer = say('changed');
    here.clock.advance(7 * 86_400 - 1);
    expect(await found(here)).toBe('Hello\nyou');
    expect(asked).toEqual(['/welcome.txt']);
    here.clock.advance(1);
    expect(await found(here)).toBe('changed');
    expect(asked).toHaveLength(2);
  });

  test('is found at an address with placeholders, whose values stay what they are', async () => {
    const here = await at(`/$list_id/\${listname}/$domain_name/$language?for=$user_email&$other`);
    answer = say('there');
    expect(await found(here, 'de')).toBe('there');
    expect(asked).toEqual(['/ant.example.com/ant@example.com/example.com/de?for=a%20b%2F@x&$other']);
  });

  test('may need a user name and a password, which no other server learns', async () => {
    const logins: (string | undefined)[] = [];
    const stranger = createServer((request, response) => {
      logins.push(`stranger ${request.headers.authorization}`);
      response.end('from elsewhere');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    answer = (request, response) => {
      logins.push(request.headers.authorization);
      if (request.url === '/a') response.writeHead(302, { Location: '/b' }).end();
      else response.writeHead(301, { Location: `http://127.0.0.1:${port}/c` }).end();
    };
    const here = await installation();
    await putTemplate(here.database.connection, LIST, {
      name: WELCOME,
      language: '',
      source: { uri: `${origin}/a`, username: 'ann', password: 'sécret' },
    });
    expect(await found(here)).toBe('from elsewhere');
    const login = `Basic ${Buffer.from('ann:sécret').toString('base64')}`;
    expect(logins).toEqual([login, login, 'stranger undefined']);
    stranger.close();
  });

  test('may have them in its address', async () => {
    let login: string | undefined;
    answer = (request, response) => {
      login = request.headers.authorization;
      response.end('ok');
    };
    const here = await at(`${origin.replace('//', '//ann:p%40ss@')}/x`);
    expect(await found(here)).toBe('ok');
    expect(login).toBe(`Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
  });

  test('that is not there is an empty text', async () => {
    answer = say('not found, says the server', {}, 404);
    expect(await found(await at('/gone'))).toBe('');
  });

  test.each([
    ['an error', say('oops', {}, 500), 'status 500'],
    ['a refusal', say('who are you', {}, 401), 'status 401'],
    ['no end', say('x'.repeat(1024 * 1024 + 1)), 'longer than 1048576 bytes'],
    [
      'no end when unpacked',
      say(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'Content-Encoding': 'gzip' }),
      'longer than',
    ],
    ['a way in circles', say('', { Location: '/again' }, 302), 'redirected more than 5 times'],
    ['a way to a file', say('', { Location: 'file:///etc/passwd' }, 302), 'redirected to file:'],
    ['a broken line', (request: IncomingMessage) => request.socket.destroy(), 'other side closed'],
  ] as const)(
    'with %s leaves it to the next place, and is not asked again for five minutes',
    async (_, answering, reason) => {
      const here = await at('/broken?token=secret');
      await here.put(SITE, WELCOME, 'site');
      answer = answering;
      expect(await found(here)).toBe('site');
      expect(here.services.logged).toHaveLength(1);
      expect(here.services.logged[0]?.line).toContain(reason);
      expect(here.services.logged[0]?.line).not.toContain('secret');
      const requests = asked.length;
      here.clock.advance(299);
      expect(await found(here)).toBe('site');
      expect(asked).toHaveLength(requests);
      answer = say('back');
      here.clock.advance(1);
      expect(await found(here)).toBe('back');
    },
  );

  test('that takes longer than five seconds leaves it to the next place', async () => {
    const here = await at('/slow');
    answer = (_, response) => {
      response.write('so');
    };
    const started = performance.now();
    expect(await found(here)).toContain('Welcome to the $display_name');
    expect(performance.now() - started).toBeGreaterThan(4900);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(here.services.logged[0]?.line).toContain('no answer within 5 seconds');
  });

  test('that nobody serves leaves it to the next place', async () => {
    const here = await at('http://127.0.0.1:1/x');
    expect(await found(here)).toContain('Welcome to the $display_name');
    expect(here.services.logged[0]?.line).toMatch(/127\.0\.0\.1:1/);
  });

  test('that was there once is used on when its server fails', async () => {
    const here = await at('/once');
    answer = say('good');
    expect(await found(here)).toBe('good');
    answer = say('oops', {}, 503);
    here.clock.advance(8 * 86_400);
    expect(await found(here)).toBe('good');
  });

  test.each([
    ['text/plain; charset=iso-8859-1', Buffer.from('Grüße', 'latin1')],
    ['text/plain; charset="utf-8"', Buffer.from('\ufeffGrüße')],
    ['text/plain; charset=unheard-of', Buffer.from('Grüße')],
    ['text/plain', Buffer.from('Grüße')],
    // The server says nothing, or what is not so.
    ['text/plain', Buffer.from('Grüße', 'latin1')],
    ['text/plain; charset=utf-8', Buffer.from('Grüße', 'latin1')],
    ['text/plain; charset=us-ascii', Buffer.from('Grüße')],
  ])('in %s is read as that', async (type, bytes) => {
    answer = say(bytes, { 'Content-Type': type });
    expect(await found(await at('/umlaut'))).toBe('Grüße');
  });

  test('is forgotten when nobody asked for it in twice cache_life', async () => {
    const here = await at('/old');
    answer = say('old');
    await found(here);
    here.clock.advance(13 * 86_400);
    expect(await forgetOldTemplates(here.step)).toBe(0);
    here.clock.advance(2 * 86_400);
    expect(await forgetOldTemplates(here.step)).toBe(1);
  });

  test('is fetched while nobody holds a transaction, and the step is done again', async () => {
    const here = await at('/outside');
    let attempts = 0;
    answer = (_, response) => {
      // SQLite has one connection: within a transaction this would wait for ever.
      here.database.connection('mailing_list').then(() => response.end('fetched'));
    };
    const text = await runStep(here.services, async (step) => {
      attempts += 1;
      await step.enqueue('virgin', Buffer.from('once'), {});
      return (await findTemplate(step, { name: WELCOME, list: here.list, language: 'en' })).text;
    });
    expect(text).toBe('fetched');
    expect(attempts).toBe(2);
    expect(await here.database.connection('queue_message')).toHaveLength(1);
  });
});

describe('a template in a file', () => {
  test('is read below template_dir, and .txt below etc_dir', async () => {
    const here = await installation();
    const put = (path: string) => here.put(LIST, WELCOME, pathToFileURL(path));
    await put(here.file('anywhere/welcome', 'in template_dir'));
    expect(await found(here)).toBe('in template_dir');
    const { etc_dir } = here.config.paths;
    mkdirSync(etc_dir, { recursive: true });
    writeFileSync(join(etc_dir, 'welcome.txt'), 'in etc_dir');
    await put(join(etc_dir, 'welcome.txt'));
    expect(await found(here)).toBe('in etc_dir');
  });

  test('is read nowhere else, not even by way of a link', async () => {
    const here = await installation();
    const { etc_dir, var_dir } = here.config.paths;
    mkdirSync(etc_dir, { recursive: true });
    writeFileSync(join(etc_dir, 'mailman.cfg'), 'secret');
    writeFileSync(join(var_dir, 'archive.txt'), 'secret');
    here.file('site/en/x.txt', 'x');
    symlinkSync(join(etc_dir, 'mailman.cfg'), join(here.config.paths.template_dir, 'link.txt'));
    for (const path of [
      join(etc_dir, 'mailman.cfg'),
      join(var_dir, 'archive.txt'),
      join(here.config.paths.template_dir, 'link.txt'),
      `${here.config.paths.template_dir}/../archive.txt`,
      '/etc/passwd',
      '/dev/zero',
    ]) {
      await here.put(LIST, WELCOME, pathToFileURL(path));
      expect.soft(await found(here), path).toContain('Welcome to the $display_name');
    }
  });
});

describe('a template by mailman:', () => {
  test('is a file or a shipped text, of another language, list or name', async () => {
    const here = await installation();
    const text = async (uri: string) => {
      await here.put(LIST, WELCOME, new URL(uri));
      return found(here);
    };
    expect(await text('mailman:///fr/list:user:notice:welcome.txt')).toContain('Bienvenue');
    expect(await text('mailman:///help.txt')).toContain('Help for the mailing list');
    expect(await text('mailman:///ant@example.com/de/help.txt')).toContain('Hilfe zur Mailingliste');
    here.file('lists/ant.example.com/fr/footer-generic.txt', 'pied');
    expect(await text('mailman:///$listname/fr/footer-generic.txt')).toBe('pied');
    expect(await text('mailman:///ant.example.com/fr/footer-generic.txt')).toBe('pied');
  });

  test.each([
    'mailman:///nobody@example.com/help.txt',
    'mailman:///nothing.txt',
    'mailman:///help',
    'mailman:///%2e%2e%2fsecret.txt',
    'mailman:///%ff.txt',
    'mailman:///a/b/c/help.txt',
    'gopher://example.com/help.txt',
  ])('that leads nowhere (%s) leaves it to the next place', async (uri) => {
    const here = await installation();
    here.file('secret.txt', 'secret');
    await here.put(LIST, WELCOME, new URL(uri));
    await here.put(SITE, WELCOME, 'site');
    expect(await found(here)).toBe('site');
  });
});

test('what is no URI at all leaves it to the next place', async () => {
  const here = await at('/x');
  await putTemplate(here.database.connection, LIST, {
    name: WELCOME,
    language: '',
    source: { uri: 'welcome.txt', username: null, password: null },
  });
  expect(await found(here)).toContain('Welcome to the $display_name');
});

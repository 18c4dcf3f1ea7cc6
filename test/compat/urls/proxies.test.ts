import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpListening, listenHttp } from '../../../src/http/listening.ts';
import { excerptOf, readGuide } from '../../e2e/moving/guide.ts';
import { describeWhere } from '../../support/where-available.ts';
import { makeSite, type Site } from '../../web/site.ts';

const NGINX = process.env.NGINX ?? '/usr/sbin/nginx';
const APACHE = process.env.APACHE ?? '/usr/sbin/apache2';
const APACHE_MODULES = process.env.APACHE_MODULES ?? '/usr/lib/apache2/modules';
const MODULES = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'setenvif', 'alias', 'headers'];

let site: Site;
let web: HttpListening;
let folder: string;
const TOKEN = 'a1b2'.repeat(10);

beforeAll(async () => {
  site = await makeSite();
  await site.makeList('ant@example.com');
  web = await listenHttp(site.app, '127.0.0.1', 0);
  folder = mkdtempSync(join(tmpdir(), 'ferryman-proxy-'));
});
afterAll(async () => {
  await web.stop();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A snippet of the documentation, which talks to the site of this test. */
function snippet(language: 'nginx' | 'apache'): string {
  const page = readFileSync('docs/web.md', 'utf8');
  const text = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';
  return text.replaceAll('127.0.0.1:8000', `127.0.0.1:${web.port}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    }),
  );
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilAnswers(port: number): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1000) });
      return;
    } catch {
      await sleep(50);
    }
  }
}

/** The part for a single list of the page about moving. */
function snippetForOne(language: 'nginx' | 'Apache'): string {
  return excerptOf(readGuide('docs/moving.md'), `${language}, one list`)
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${web.port}`)
    .replace('plain', 'ant');
}

/** Runs a server while something is done with it. */
async function withServer(
  command: readonly string[],
  port: number,
  work: () => Promise<void>,
): Promise<void> {
  const [program = '', ...options] = command;
  const server: ChildProcess = spawn(program, options, { stdio: 'ignore' });
  try {
    await untilAnswers(port);
    await work();
  } finally {
    const isOver = server.exitCode !== null || server.signalCode !== null;
    const over = isOver || new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await over;
  }
}

/** A list that is led from here is here, all others where they were. */
async function tryOne(command: readonly string[], port: number): Promise<void> {
  await withServer(command, port, async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    for (const [path, location] of [
      ['/mailman/listinfo/ant', '/lists/ant@example.com/'],
      ['/cgi-bin/mailman/listinfo/ant', '/mailman/listinfo/ant'],
      ['/mailman/options/ant/a%40b.example', '/lists/ant@example.com/options/?email=a%40b.example'],
      ['/pipermail/ant/', '/archives/list/ant@example.com/'],
    ] as const)
      expect((await get(path)).headers.get('location')).toBe(location);
    expect((await get('/lists/ant@example.com/')).status).toBe(200);
    for (const path of [
      '/mailman/listinfo',
      '/mailman/listinfo/antler',
      '/pipermail/bee/',
      '/mailman/admin/bee',
    ])
      expect((await get(path)).headers.get('x-powered-by')).toBe('Mailman 2.1');
  });
}

/** Looks at a server from outside; every snippet has to do the same. */
async function tryOut(command: readonly string[], port: number, log: string): Promise<void> {
  await withServer(command, port, async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
    for (const [path, location] of [
      ['/mailman/listinfo/ant', '/lists/ant@example.com/'],
      ['/cgi-bin/mailman/listinfo/ant', '/mailman/listinfo/ant'],
      ['/mailman/options/ant/a%40b.example', '/lists/ant@example.com/options/?email=a%40b.example'],
      [`/mailman/confirm/ant/${TOKEN}`, `/lists/ant@example.com/confirm/${TOKEN}/`],
      ['/pipermail/ant/', '/archives/list/ant@example.com/'],
      ['/mailman', '/archives/'],
    ] as const)
      expect((await get(path)).headers.get('location')).toBe(location);
    expect((await get('/lists/ant@example.com/')).status).toBe(200);
    expect((await get('/elsewhere/')).status).toBe(404);
    await get(`/mailman/confirm/ant?cookie=${TOKEN}`);
    for (const field of ['password', 'adminpw']) await get(`/mailman/options/ant?x=1&${field}=NeverLogged`);
    // The last of them is there, and so are those before it.
    await get('/mailman/the-last-one');
    await expect.poll(() => readFileSync(log, 'utf8')).toContain('/mailman/the-last-one');
    const logged = readFileSync(log, 'utf8');
    expect(logged).toContain('/mailman/listinfo/ant');
    expect(logged).not.toContain(TOKEN);
    expect(logged).not.toContain('NeverLogged');
  });
}

/** @returns the command that starts it */
function nginxWith(server: string): string[] {
  const config = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
events {}
http {
${temporary}
${server}
}
`,
  );
  return [NGINX, '-c', config, '-p', folder];
}

describeWhere(existsSync(NGINX) ? undefined : `no nginx at ${NGINX}`, 'nginx as documented', () => {
  test('hands on old and new addresses, and logs no token', async () => {
    const port = await freePort();
    const log = join(folder, 'nginx.log');
    const server = snippet('nginx')
      .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
      .replace('/var/log/nginx/lists.log', log);
    await tryOut(nginxWith(server), port, log);
  }, 30_000);

  test('hands on one list while the others are Mailman 2.1’s', async () => {
    const port = await freePort();
    const others = 'location / { add_header X-Powered-By "Mailman 2.1"; return 200; }';
    const server = `server { listen 127.0.0.1:${port}; access_log off; ${others}\n${snippetForOne('nginx')} }`;
    await tryOne(nginxWith(server), port);
  }, 30_000);
});

describeWhere(existsSync(APACHE) ? undefined : `no Apache at ${APACHE}`, 'Apache as documented', () => {
  test('hands on old and new addresses, and logs no token', async () => {
    const port = await freePort();
    const log = join(folder, 'lists.log');
    await tryOut(apacheWith(port, snippet('apache')), port, log);
  }, 30_000);

  test('hands on one list while the others are Mailman 2.1’s', async () => {
    const port = await freePort();
    const others = ['Alias /pipermail/', 'Alias /mailman/'].map((alias) => `${alias} ${folder}/`);
    const header = 'Header always setifempty X-Powered-By "Mailman 2.1"';
    await tryOne(apacheWith(port, [...others, header, snippetForOne('Apache')].join('\n')), port);
  }, 30_000);
});

/** @returns the command that starts it */
function apacheWith(port: number, host: string): string[] {
  const config = join(folder, 'apache.conf');
  const loads = MODULES.map((name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`);
  writeFileSync(
    config,
    `${loads.join('\n')}
ServerRoot ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache-error.log
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
ServerName lists.example.com
User nobody
Group nogroup
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
Define APACHE_LOG_DIR ${folder}
<VirtualHost *:${port}>
${host}
</VirtualHost>
`,
  );
  execFileSync(APACHE, ['-t', '-f', config], { stdio: 'ignore' });
  return [APACHE, '-X', '-f', config];
}

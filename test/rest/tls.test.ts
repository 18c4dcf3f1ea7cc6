import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { startRest } from '../../src/rest/server.ts';
import { testServices } from '../support/services.ts';
import { basic } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-rest-tls-'));
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function startWith(rest: string): Promise<number> {
  const file = join(folder, 'mailman.cfg');
  const layout = `[mailman]\nlayout: test\n[paths.test]\nvar_dir: ${folder}/var\n`;
  writeFileSync(file, `${layout}[webservice]\nhostname: 127.0.0.1\nport: 0\nuse_https: yes\n${rest}`);
  const database = await openDatabase('sqlite:///:memory:');
  closing.push(() => database.close());
  const server = await startRest(testServices(database, { config: loadConfig({ file }) }));
  closing.push(server.stop);
  return server.port;
}

test('with a certificate the API speaks TLS itself, and its links say so', async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = spawnSync('openssl', ['req', '-x509', ...options, ...subject, '-keyout', key, '-out', cert]);
  expect(made.status).toBe(0);
  const port = await startWith(`[rest]\ntls_cert: ${cert}\ntls_key: ${key}\n`);
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: '/3.1/system',
        ca: readFileSync(cert),
        headers: basic('restadmin:restpass'),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('end', () => resolve(body));
      },
    );
    asked.on('error', reject).end();
  });
  expect(JSON.parse(text).self_link).toBe('https://127.0.0.1:0/3.1/system/versions');
});

test('without one, https is a proxy’s', async () => {
  const port = await startWith('');
  const response = await fetch(`http://127.0.0.1:${port}/3.1/system`, {
    headers: basic('restadmin:restpass'),
  });
  expect(await response.json()).toMatchObject({ self_link: 'https://127.0.0.1:0/3.1/system/versions' });
});

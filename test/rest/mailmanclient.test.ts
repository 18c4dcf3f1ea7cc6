import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ensureDirectories } from '../../src/config/directories.ts';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/server.ts';
import { freePort } from '../peers/throwaway.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { describeWhere } from '../support/where-available.ts';

const SCRIPT = fileURLToPath(new URL('use_client.py', import.meta.url));

const ends: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function makeServer() {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-mailmanclient-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const sink = await startSmtpSink();
  ends.push(() => sink.stop());
  const [lmtpPort, restPort] = [await freePort(), await freePort()];
  const file = join(folder, 'mailman.cfg');
  writeFileSync(
    file,
    `[mailman]
layout: test
[paths.test]
var_dir: ${folder}/var
[web]
enabled: no
[webservice]
hostname: 127.0.0.1
port: ${restPort}
[mta]
incoming: null
lmtp_port: ${lmtpPort}
smtp_host: 127.0.0.1
smtp_port: ${sink.port}
[archiver.prototype]
enable: yes
`,
  );
  const config = loadConfig({ file });
  ensureDirectories(config);
  const server = await startServer(config, { tasks: [] });
  ends.push(() => server.stop());
  return { restPort: server.restPort, lmtpPort };
}

const CLIENT = '/usr/lib/python3/dist-packages/mailmanclient';
const missing = existsSync(CLIENT) ? undefined : 'python3-mailmanclient is not installed';

describeWhere(missing, "Debian's mailmanclient", () => {
  test('does with the server what it does with Mailman 3', async () => {
    const { restPort, lmtpPort } = await makeServer();
    const python = spawn('/usr/bin/python3', [SCRIPT, `http://127.0.0.1:${restPort}/3.1`, String(lmtpPort)]);
    let output = '';
    for (const stream of [python.stdout, python.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await once(python, 'close');
    expect(output).toBe('all as expected\n');
  });
});

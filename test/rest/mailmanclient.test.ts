import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { describeWhere } from '../support/where-available.ts';
import { type RestServer, startRestServer } from './rest-server.ts';

const SCRIPT = fileURLToPath(new URL('use_client.py', import.meta.url));

let running: RestServer | undefined;

afterAll(() => running?.stop());

const CLIENT = '/usr/lib/python3/dist-packages/mailmanclient';
const missing = existsSync(CLIENT) ? undefined : 'python3-mailmanclient is not installed';

describeWhere(missing, "Debian's mailmanclient", () => {
  test('does with the server what it does with Mailman 3', async () => {
    running = await startRestServer('[archiver.prototype]\nenable: yes\n');
    const { restPort, lmtpPort } = running;
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

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDirectories } from '../../../src/config/directories.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { startServer } from '../../../src/server/server.ts';
import { startMailman3 } from '../../peers/mailman3.ts';
import { freePort } from '../../peers/throwaway.ts';
import { startSmtpSink } from '../../support/smtp-sink.ts';
import { plannedRequests } from './requests.ts';
import { ask, type RestRun } from './side.ts';

const ARCHIVER = '[archiver.prototype]\nenable: yes\n';

/** All requests to Debian's Mailman 3. @throws MissingPeerError */
export async function askMailman3(): Promise<RestRun> {
  const sink = await startSmtpSink();
  const mailman = await startMailman3(sink.port, { config: () => ARCHIVER });
  try {
    const answers = await ask(mailman.restOrigin, plannedRequests());
    return { version: mailman.version, date: new Date().toISOString().slice(0, 10), answers };
  } finally {
    await mailman.stop();
    await sink.stop();
  }
}

/** All requests to a Ferryman. */
export async function askFerryman(): Promise<RestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-rest-side-by-side-'));
  const sink = await startSmtpSink();
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
${ARCHIVER}`,
  );
  const config = loadConfig({ file });
  ensureDirectories(config);
  const server = await startServer(config, { tasks: [] });
  try {
    const answers = await ask(`http://127.0.0.1:${restPort}`, plannedRequests());
    return { version: 'Ferryman', date: new Date().toISOString().slice(0, 10), answers };
  } finally {
    await server.stop();
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

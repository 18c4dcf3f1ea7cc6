import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDirectories } from '../../src/config/directories.ts';
import { loadConfig } from '../../src/config/index.ts';
import { type RunningServer, startServer } from '../../src/server/server.ts';
import { freePort } from '../peers/throwaway.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

/** A whole Ferryman with its REST API on 127.0.0.1, an empty database and a mail server that takes everything. */
export interface RestServer {
  readonly server: RunningServer;
  readonly restPort: number;
  readonly lmtpPort: number;
  readonly sink: SmtpSink;
  stop(): Promise<void>;
}

/**
 * @param settings further text of mailman.cfg; what comes before a section belongs to [webservice]
 * @param given what is to be used instead of something new
 */
export async function startRestServer(
  settings: string,
  given: { readonly restPort?: number; readonly sink?: SmtpSink } = {},
): Promise<RestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-rest-server-'));
  const sink = given.sink ?? (await startSmtpSink());
  const [lmtpPort, restPort] = [await freePort(), given.restPort ?? (await freePort())];
  const file = join(folder, 'mailman.cfg');
  writeFileSync(
    file,
    `[mailman]
layout: test
[paths.test]
var_dir: ${folder}/var
[web]
enabled: no
[mta]
incoming: null
lmtp_port: ${lmtpPort}
smtp_host: 127.0.0.1
smtp_port: ${sink.port}
[webservice]
hostname: 127.0.0.1
port: ${restPort}
${settings}`,
  );
  const config = loadConfig({ file });
  ensureDirectories(config);
  const server = await startServer(config, { tasks: [] });
  return {
    ...{ server, restPort, lmtpPort, sink },
    stop: async () => {
      await server.stop();
      if (given.sink === undefined) await sink.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

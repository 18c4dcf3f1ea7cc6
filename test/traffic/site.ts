import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import type { QueueEngine } from '../../src/queue/engine.ts';
import type { DnsResolver, LoggerName, Services } from '../../src/queue/step.ts';
import { startServer } from '../../src/server/server.ts';
import { importRecordedList, recordedDns, recordedListAddress } from '../support/recorded-traffic.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { RECORDED_LISTS, type RequestNumbers, seedLists } from './seed.ts';

/** The recorded site on a server of ours, with the clock and the name servers of the recording. */
export interface Site {
  readonly services: Services;
  readonly engine: QueueEngine;
  readonly sink: SmtpSink;
  /** What was logged and which recipients were refused since `forget`. */
  readonly logged: { readonly logger: LoggerName; readonly line: string }[];
  readonly refused: string[];
  readonly lists: readonly string[];
  /** Our held posts and requests by the numbers of Mailman 2.1. */
  readonly requests: RequestNumbers;
  readonly knownHeld: Set<number>;
  /** Our tokens by those of Mailman 2.1. */
  readonly tokens: Map<string, string>;
  readonly knownTokens: Set<string>;
  /** @param seconds since 1970 */
  setTime(seconds: number): void;
  /** Forgets what was sent, logged and refused. */
  forget(): void;
  close(): Promise<void>;
}

/** When the site data were taken: 2024-03-15 08:00:00 UTC. */
const CAPTURED_AT = 1_710_489_600;

/** What the receiving mail server of the recording said to some recipients. */
function refusal(recipient: string): string | undefined {
  if (recipient.includes('nosuch')) return '550 5.1.1 user unknown';
  return recipient.includes('greylist') ? '451 4.7.1 try again later' : undefined;
}

/**
 * Starts a server of a kind that has nothing but memory, and imports the site.
 * @param web whether it has web pages, so that there are archives to point to
 */
export async function openSite(web = false): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-traffic-'));
  const logged: { logger: LoggerName; line: string }[] = [];
  const refused: string[] = [];
  const sink = await startSmtpSink({
    onRecipient: (recipient) => {
      const reply = refusal(recipient);
      if (reply !== undefined) refused.push(recipient);
      return reply;
    },
  });
  const file = join(folder, 'mailman.cfg');
  writeFileSync(file, configuration(folder, sink.port, web));
  let now = CAPTURED_AT;
  const server = await startServer(loadConfig({ file }), {
    services: {
      clock: { now: () => utcFromEpoch(now) as UtcTime },
      resolver: recordedResolver(),
      log: (logger, line) => {
        logged.push({ logger, line });
      },
    },
    tasks: [],
  });
  const { connection } = server.services.database;
  for (const name of RECORDED_LISTS) await importRecordedList(server.services.database, name);
  const requests = await seedLists(server.services);
  return {
    services: server.services,
    engine: server.engine,
    sink,
    logged,
    refused,
    lists: RECORDED_LISTS,
    requests,
    knownHeld: new Set(await connection('held_message').pluck('request_id')),
    tokens: new Map(),
    knownTokens: new Set(await connection('pending').pluck('token')),
    setTime: (seconds) => {
      now = seconds;
    },
    forget: () => {
      for (const kept of [logged, refused, sink.mails]) kept.length = 0;
    },
    close: async () => {
      await server.stop();
      await sink.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** As mm_cfg.py of the site had it; what is not named here is as shipped in both. */
function configuration(folder: string, smtpPort: number, web: boolean): string {
  return `[paths.test]
var_dir: ${folder}/var
[mailman]
layout: test
site_owner: ${recordedListAddress('mailman').replace('@', '-owner@')}
filtered_messages_are_preservable: yes
[database]
url: sqlite:///:memory:
[webservice]
port: 0
[web]
enabled: ${web ? 'yes' : 'no'}
port: 0
base_url: ${web ? 'https://lists.example.com/' : ''}
[mta]
smtp_host: 127.0.0.1
smtp_port: ${smtpPort}
[runner.lmtp]
start: no
`;
}

/** The name servers of the recording. */
export function recordedResolver(): DnsResolver {
  const { txt, servfail } = recordedDns();
  return {
    resolveTxt: async (name) => {
      const record = txt[name];
      if (record !== undefined) return [[record]];
      const code = servfail.includes(name) ? 'ESERVFAIL' : 'ENOTFOUND';
      throw Object.assign(new Error(`${name}: ${code}`), { code });
    },
  };
}

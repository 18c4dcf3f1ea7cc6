import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import type { Connection, Database } from '../../src/database/handle.ts';
import { deleteHeldMessage, heldMessagesOf } from '../../src/database/held-messages.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { findMembers, updateMember } from '../../src/database/members.ts';
import { createList, type ListRules } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { DnsResolver } from '../../src/queue/step.ts';
import { startServer } from '../../src/server/server.ts';
import { freePort } from '../peers/throwaway.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { DECISION, type Side, seenMails } from './observation.ts';
import { archiverFile, lists, MAIL_HOST, members, owners, type PlannedList, templates } from './plan.ts';

/** Nobody publishes a policy. */
const resolver: DnsResolver = {
  resolveTxt: async (name) => {
    throw Object.assign(new Error(`${name} not found`), { code: 'ENOTFOUND' });
  },
};

/** A Ferryman with the lists of the plan, which has nothing but memory. */
export async function openFerryman(): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-side-by-side-'));
  const sink = await startSmtpSink();
  for (const [path, text] of Object.entries(templates)) writeBelow(folder, `var/templates/${path}`, text);
  writeBelow(folder, 'mhonarc.cfg', archiverFile);
  const lmtpPort = await freePort();
  const logged: string[] = [];
  const file = writeBelow(folder, 'mailman.cfg', configuration(folder, lmtpPort, sink.port));
  const config = loadConfig({ file });
  const server = await startServer(config, {
    services: {
      resolver,
      log: (_logger, line) => {
        logged.push(line);
      },
    },
    tasks: [],
  });
  const { database } = server.services;
  for (const planned of lists) await makeList(database, listRules(config), planned);
  return {
    version: 'Ferryman',
    lmtpPort,
    outcome: async (list) => {
      await server.engine.drain();
      return {
        decisions: logged.splice(0).filter((line) => DECISION.test(line)),
        held: await takeHeld(database, `${list}.${MAIL_HOST}`),
        mails: seenMails(sink.mails.splice(0)),
        shunted: await takeShunted(database.connection),
      };
    },
    follow: async ({ list, mails }) => {
      const text = mails.map(({ message }) => message).join('\n');
      const post = /^Subject: \[[^\]]* (\d+)\]/m.exec(text)?.[1];
      const digest = /^Subject: \S+ Digest, Vol \d+, Issue (\d+)/m.exec(text)?.[1];
      if (post === undefined && digest === undefined) return;
      await database
        .connection('mailing_list')
        .where('list_id', `${list}.${MAIL_HOST}`)
        .update({
          ...(post === undefined ? {} : { post_id: Number(post) }),
          ...(digest === undefined ? {} : { next_digest_number: Number(digest) }),
        });
    },
    close: async () => {
      await server.stop();
      await sink.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function writeBelow(folder: string, path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function configuration(folder: string, lmtpPort: number, smtpPort: number): string {
  return `[paths.test]
var_dir: ${folder}/var
[mailman]
layout: test
[database]
url: sqlite:///:memory:
[webservice]
port: 0
[web]
enabled: no
[mta]
incoming: null
lmtp_port: ${lmtpPort}
smtp_host: 127.0.0.1
smtp_port: ${smtpPort}
max_autoresponses_per_day: 0
verp_personalized_deliveries: yes
[archiver.mhonarc]
enable: yes
configuration: ${folder}/mhonarc.cfg
`;
}

async function makeList(
  database: Database,
  rules: ListRules,
  { name, settings }: PlannedList,
): Promise<void> {
  const address = `${name}@${MAIL_HOST}`;
  await database.transaction(async (connection) => {
    const wanted = { address, style: 'legacy-default', language: 'en', owners, createDomain: true };
    const list = await createList(connection, wanted, rules);
    await updateSettings(connection, list, settings);
    await joinMembers(connection, list);
  });
}

async function joinMembers(connection: Connection, list: MailingList): Promise<void> {
  for (const { address, displayName, preferences, moderationAction } of members) {
    await subscribe(connection, list, [{ address, displayName }], { role: 'member', verified: true });
    const key = addressKey(address);
    const member = (await findMembers(connection, list.listId, 'member', [key])).get(key);
    if (!member) throw new Error(`${address} is not on ${list.listId}`);
    await updateMember(connection, {
      ...member,
      moderationAction: moderationAction ?? null,
      preferences: { ...member.preferences, ...preferences },
    });
  }
}

async function takeHeld(database: Database, listId: string) {
  const { connection } = database;
  if (!(await findList(connection, listId))) throw new Error(`${listId} is not there`);
  const held = await heldMessagesOf(connection, listId);
  for (const { requestId } of held) await deleteHeldMessage(connection, requestId);
  return held.map(({ reasons, content }) => ({
    reason: reasons.join('; '),
    message: content.toString('latin1'),
  }));
}

async function takeShunted(connection: Connection): Promise<string[]> {
  const errors: string[] = await connection('queue_entry').where('queue', 'shunt').pluck('error');
  await connection('queue_entry').delete();
  return errors;
}

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CutoverContext } from '../../../compat/cutover/context.ts';
import { keepMoving } from '../../../compat/cutover/keep-moving.ts';
import { contextOf } from '../../../compat/cutover/services-context.ts';
import { type Followed, followList } from '../../../migrate/follow/follow.ts';
import type { PyDict } from '../../../migrate/pickle/values.ts';
import { runSite } from '../../../migrate/site/run.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { type Cutover, findCutover, insertCutover, moveStage } from '../../../src/database/cutover.ts';
import type { Database } from '../../../src/database/handle.ts';
import { findList } from '../../../src/database/lists.ts';
import { findMembers } from '../../../src/database/members.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import type { Member } from '../../../src/model/member.ts';
import { utcNow } from '../../../src/model/time.ts';
import { installMailman2, type Mailman2 } from '../../peers/mailman2/install.ts';
import { changeList, dict, readList, text } from '../../peers/mailman2/list-file.ts';
import { addMember, removeMember } from '../../peers/mailman2/members.ts';
import { type TestServices, testServices } from '../../support/services.ts';

const SITE = fileURLToPath(new URL('../../../fixtures/mailman21', import.meta.url));

/** Of the list that moves. */
export const LIST = 'plain.lists.example.com';

/** A Postfix that has no mail, and uses the maps in a folder. */
function postfixCommand(data: string): string {
  return `#!/bin/sh
case "$2" in
  virtual_alias_maps) echo cdb:${data}/postfix_vmap ;;
  transport_maps) echo cdb:${data}/postfix_lmtp ;;
esac
`;
}

/** A list of the fixtures beside the stand-in for Mailman 2.1, without any mail: members change sides, lists go back. */
export class CutoverBench {
  readonly folder: string;
  readonly mailman2: Mailman2;
  readonly database: Database;
  readonly services: TestServices;

  readonly #lmtp: Server;

  private constructor(
    folder: string,
    mailman2: Mailman2,
    database: Database,
    services: TestServices,
    lmtp: Server,
  ) {
    this.#lmtp = lmtp;
    this.folder = folder;
    this.mailman2 = mailman2;
    this.database = database;
    this.services = services;
  }

  /** Brings the list over. @param members those of Mailman 2's list */
  static async open(members: readonly string[], stage: Stage): Promise<CutoverBench> {
    const folder = mkdtempSync(join(tmpdir(), 'ferryman-cutover-'));
    const mailman2 = installMailman2(folder, SITE, ['plain']);
    await changeList(mailman2.varDir, 'plain', (open) => {
      for (const roster of ['members', 'digest_members'])
        for (const key of dict(open.config, roster).keys) removeMember(open, text(key), 'test');
      for (const address of members) addMember(open, address, 'test');
    });
    for (const name of readdirSync(join(SITE, 'data')))
      if (name.startsWith('heldmsg-plain-'))
        cpSync(join(SITE, 'data', name), join(mailman2.varDir, 'data', name));
    const database = await openDatabase('sqlite:///:memory:');
    const lmtp = await startGreeter();
    const config = configIn(folder, mailman2, (lmtp.address() as AddressInfo).port);
    const bench = new CutoverBench(folder, mailman2, database, testServices(database, { config }), lmtp);
    const { site, follow } = bench.context();
    await runSite(database, site, {
      ...follow,
      lists: ['plain'],
      domainOf: new Map(),
      queues: false,
      bounceEvents: true,
      dryRun: false,
      progress: () => {},
    });
    const now = utcNow();
    await insertCutover(database.connection, {
      ...{ listId: LIST, since: now, mailman2Name: 'plain', mailman2Domain: 'localhost' },
    });
    if (stage !== 'legacy') await moveStage(database.connection, LIST, { from: 'legacy', to: stage, now });
    return bench;
  }

  /** What steps work with. */
  context(): CutoverContext {
    return contextOf(this.services, { who: 'test', isDryRun: false });
  }

  /** What the server does every few seconds. */
  keepMoving(): Promise<void> {
    return keepMoving(this.services);
  }

  async follow(): Promise<Followed> {
    const { site, follow } = this.context();
    return followList(this.database, site, await this.cutover(), follow);
  }

  async cutover(): Promise<Cutover> {
    const found = await findCutover(this.database.connection, LIST);
    if (!found) throw new Error('the list is not noted');
    return found;
  }

  async list(): Promise<MailingList> {
    const found = await findList(this.database.connection, LIST);
    if (!found) throw new Error('the list is gone');
    return found;
  }

  async member(key: string): Promise<Member> {
    const found = (await findMembers(this.database.connection, LIST, 'member', [key])).get(key);
    if (!found) throw new Error(`${key} is no member here`);
    return found;
  }

  /** What is in Mailman 2's config.pck now. */
  theirs(): PyDict {
    return readList(this.mailman2.varDir, 'plain').config;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#lmtp.close(resolve));
    await this.database.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** In place of a server that takes mail. */
async function startGreeter(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('220 here\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function configIn(folder: string, { varDir, binDir }: Mailman2, lmtpPort: number) {
  const data = join(folder, 'ferryman', 'data');
  const sbin = join(folder, 'sbin');
  for (const path of [data, sbin, join(folder, 'ferryman', 'lists')]) mkdirSync(path, { recursive: true });
  for (const command of ['postconf', 'postqueue'])
    writeFileSync(join(sbin, command), postfixCommand(data), { mode: 0o755 });
  writeFileSync(join(folder, 'postfix.cfg'), '[postfix]\ntransport_file_type: cdb\n');
  const file = join(folder, 'mailman.cfg');
  const lines = [
    ...['[mailman]', 'layout: test', '[paths.test]', `var_dir: ${folder}/ferryman`],
    ...['[mta]', `configuration: ${folder}/postfix.cfg`, 'lmtp_host: 127.0.0.1', `lmtp_port: ${lmtpPort}`],
    ...['[cutover]', 'alias_domain: ferry.invalid', 'mailman2_domain: localhost'],
    ...[`mailman2_var_dir: ${varDir}`, `mailman2_bin_dir: ${binDir}`, `postconf_command: ${sbin}/postconf`],
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return loadConfig({ file });
}

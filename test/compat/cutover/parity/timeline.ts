import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { followOptions } from '../../../../compat/cutover/follow-options.ts';
import { Mailman2Follower } from '../../../../compat/cutover/follow-task.ts';
import { type ListParity, listParity } from '../../../../compat/cutover/parity/parity.ts';
import { lagOf } from '../../../../migrate/follow/follow.ts';
import { readPickle } from '../../../../migrate/pickle/reader.ts';
import { PyBytes, PyDict, PyFloat } from '../../../../migrate/pickle/values.ts';
import { writePickle } from '../../../../migrate/pickle/writer.ts';
import { runSite } from '../../../../migrate/site/run.ts';
import { openSite as openMailman2 } from '../../../../migrate/site/site.ts';
import { loadConfig } from '../../../../src/config/index.ts';
import { findCutover, insertCutover } from '../../../../src/database/cutover.ts';
import type { Connection } from '../../../../src/database/handle.ts';
import { findList } from '../../../../src/database/lists.ts';
import { putMailman2Copy } from '../../../../src/database/mailman2-posts.ts';
import { membersOfList } from '../../../../src/database/members.ts';
import type { Member } from '../../../../src/model/member.ts';
import { type UtcTime, utcFromEpoch } from '../../../../src/model/time.ts';
import { receivedMessage } from '../../../../src/mta/reception.ts';
import { type RunningServer, startServer } from '../../../../src/server/server.ts';
import {
  type RecordedCase,
  recordedFile,
  recordedListAddress,
  recordedLogs,
} from '../../../support/recorded-traffic.ts';
import { recordedOutcome } from '../../../traffic/recorded-outcome.ts';
import { recordedResolver } from '../../../traffic/site.ts';
import { LONG_AGO, type ReplayedPost } from './replay.ts';

/** Digest, options, delivery status, language, name, address: as Python reads them in Mailman 2.1's file. */
type RecordedMember = readonly [number, number, number, string, string, string];

interface TimelineStep extends RecordedCase {
  readonly case: RecordedCase['case'] & { readonly config_copied: readonly string[] };
  /** After the step, by list. */
  readonly members: Readonly<Record<string, Readonly<Record<string, RecordedMember>>>>;
}

/** What following made of a step. */
export interface FollowedStep {
  readonly name: string;
  /** Of members, here and in Mailman 2.1's file. */
  readonly differences: readonly string[];
  /** Until nothing was behind any more, in milliseconds. */
  readonly tookMs: number;
}

export interface TimelineReplay {
  readonly steps: readonly FollowedStep[];
  readonly posts: readonly ReplayedPost[];
  readonly lists: readonly ListParity[];
}

const FIXTURES = new URL('../../../../fixtures/mailman21/', import.meta.url);
const LONGEST_LAG_MS = 20_000;

/** Lets this server follow a recorded day, step by step, on which members change between posts. */
export async function replayTimeline(): Promise<TimelineReplay> {
  process.env.TZ = 'Europe/Berlin';
  const { lists: names, cases } = JSON.parse(
    gunzipSync(readFileSync(new URL('timeline.json.gz', FIXTURES))).toString('utf8'),
  ) as { lists: readonly string[]; cases: readonly TimelineStep[] };
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-timeline-'));
  const varDir = installSite(folder, names);
  let now = (cases[0]?.case.time ?? 0) - 60;
  const server = await startServer(configuration(folder, varDir), {
    services: {
      clock: { now: () => utcFromEpoch(now) as UtcTime },
      resolver: recordedResolver(),
      log: () => {},
    },
    tasks: [],
  });
  const { connection } = server.services.database;
  try {
    await bringOver(server, varDir, names);
    const follower = new Mailman2Follower(server.services);
    const steps: FollowedStep[] = [];
    const observed = new Map<string, string>();
    for (const step of cases) {
      now = step.case.time;
      if (step.case.kind === 'post') {
        await post(server, step);
        observed.set(step.name, server.services.clock.now());
      }
      await happen(server, varDir, step);
      const started = performance.now();
      await keepUp(server, follower, varDir, names);
      await server.engine.drain();
      steps.push({
        name: step.name,
        differences: await memberDifferences(connection, step),
        tookMs: performance.now() - started,
      });
    }
    const lists: ListParity[] = [];
    for (const name of names) {
      const list = await findList(connection, recordedListAddress(name));
      if (list) lists.push(await listParity(connection, openMailman2(varDir), list, LONG_AGO));
    }
    return { steps, posts: postsOf(cases, lists, observed), lists };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function installSite(folder: string, names: readonly string[]): string {
  const varDir = join(folder, 'mailman2');
  for (const name of ['lists', 'logs', 'qfiles/shunt']) mkdirSync(join(varDir, name), { recursive: true });
  cpSync(fileURLToPath(new URL('data', FIXTURES)), join(varDir, 'data'), { recursive: true });
  for (const name of names) {
    cpSync(fileURLToPath(new URL(`lists/${name}`, FIXTURES)), join(varDir, 'lists', name), {
      recursive: true,
    });
  }
  return varDir;
}

function configuration(folder: string, varDir: string): ReturnType<typeof loadConfig> {
  const file = join(folder, 'mailman.cfg');
  writeFileSync(
    file,
    `[paths.test]
var_dir: ${folder}/var
[mailman]
layout: test
site_owner: mailman-owner@lists.example.com
[database]
url: sqlite:///:memory:
[webservice]
port: 0
[web]
port: 0
base_url: https://lists.example.com/
[runner.lmtp]
start: no
[runner.rest]
start: no
[cutover]
mailman2_var_dir: ${varDir}
`,
  );
  return loadConfig({ file });
}

async function bringOver(
  { services }: RunningServer,
  varDir: string,
  names: readonly string[],
): Promise<void> {
  const { config, clock, database } = services;
  await runSite(database, openMailman2(varDir), {
    ...followOptions(config, clock),
    ...{
      lists: names,
      domainOf: new Map(),
      queues: false,
      bounceEvents: true,
      dryRun: false,
      progress: () => {},
    },
  });
  for (const name of names) {
    const list = await findList(database.connection, recordedListAddress(name));
    if (!list) throw new Error(`${name} has not come over`);
    await insertCutover(database.connection, {
      ...{ listId: list.listId, since: LONG_AGO, mailman2Name: name, mailman2Domain: 'localhost' },
    });
  }
  await database.connection('cutover').update({ stage: 'observe' });
}

/** The copy of a post that comes here. */
async function post({ services, engine }: RunningServer, step: TimelineStep): Promise<void> {
  const { list: name, envelope_from } = step.case;
  const list = await findList(services.database.connection, recordedListAddress(name));
  const content = recordedFile(step, 'in.eml');
  await engine.accept('in', receivedMessage(content, envelope_from), {
    ...{ listid: list?.listId ?? '', to_list: true, stage: 'observe', envelope_sender: envelope_from },
    ...{ received_time: services.clock.now(), original_size: content.length },
  });
  await engine.drain();
}

/** What the step changes in Mailman 2's folder, and what a member got. */
async function happen({ services }: RunningServer, varDir: string, step: TimelineStep): Promise<void> {
  const { list: name, config_copied, kind, state_diff } = step.case;
  for (const copied of config_copied) {
    replace(join(varDir, 'lists', copied, 'config.pck'), recordedFile(step, `lists/${copied}/config.pck`));
  }
  for (const [changed, { config = {} }] of Object.entries(state_diff)) {
    const postId = config.post_id?.[1];
    if (!config_copied.includes(changed) && typeof postId === 'number') countPost(varDir, changed, postId);
  }
  for (const [log, lines] of recordedLogs(step)) appendFileSync(join(varDir, 'logs', log), lines);
  const [sent] = kind === 'post' ? recordedOutcome(step).posts : [];
  const list = name && (await findList(services.database.connection, recordedListAddress(name)));
  const messageId = sent?.message.headers.get('Message-ID');
  if (!sent || !list || messageId === undefined) return;
  await putMailman2Copy(
    services.database.connection,
    { listId: list.listId, messageId, changedAt: services.clock.now() },
    sent.message.toBuffer(),
  );
}

/** After a post without other changes the recording has no file. */
function countPost(varDir: string, name: string, postId: number): void {
  const path = join(varDir, 'lists', name, 'config.pck');
  const config = readPickle(readFileSync(path));
  if (!(config instanceof PyDict)) throw new Error(`${path} is no dictionary`);
  config.set(PyBytes.utf8('post_id'), new PyFloat(postId));
  replace(path, writePickle(config, 1));
}

function replace(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, content);
  renameSync(`${path}.tmp`, path);
}

async function keepUp(
  { services }: RunningServer,
  follower: Mailman2Follower,
  varDir: string,
  names: readonly string[],
): Promise<void> {
  const end = performance.now() + LONGEST_LAG_MS;
  const mailman2 = openMailman2(varDir);
  for (;;) {
    await follower.look();
    let lag = 0;
    for (const name of names) {
      const list = await findList(services.database.connection, recordedListAddress(name));
      const cutover = list && (await findCutover(services.database.connection, list.listId));
      if (cutover) lag = Math.max(lag, lagOf(mailman2, cutover, Date.now()));
    }
    if (lag === 0) return;
    if (performance.now() > end) throw new Error('it does not keep up');
    await sleep(20);
  }
}

async function memberDifferences(connection: Connection, { members }: TimelineStep): Promise<string[]> {
  const differences: string[] = [];
  for (const [name, wanted] of Object.entries(members)) {
    const list = await findList(connection, recordedListAddress(name));
    const present = await membersOfList(connection, list?.listId ?? '', ['member']);
    const here = new Map(present.map((member) => [member.email, shown(member)]));
    const there = new Map(Object.entries(wanted).map(([key, member]) => [key, shownRecorded(member)]));
    for (const key of new Set([...here.keys(), ...there.keys()])) {
      if (here.get(key) !== there.get(key))
        differences.push(`${name} ${key}: ${there.get(key)} / ${here.get(key)}`);
    }
  }
  return differences;
}

const STATUS = ['enabled', 'unknown', 'by_user', 'by_moderator', 'by_bounces'];

/** Of which the members of Mailman 2.1 have an equal here: notmetoo, ack, hide, nmtopics, mod, nodupes. */
const COMPARED_OPTIONS = 2 | 4 | 16 | 64 | 128 | 256;

function shownRecorded([digest, options, status, language, name, address]: RecordedMember): string {
  const bits = options & COMPARED_OPTIONS;
  return `${digest ? 'digest' : 'regular'} ${bits} ${STATUS[status]} ${language} ${name} ${address}`;
}

function shown(member: Member): string {
  const { preferences, moderationAction, receiveUnmatchedTopics, displayName, originalEmail } = member;
  const bits =
    (preferences.receive_own_postings === false ? 2 : 0) |
    (preferences.acknowledge_posts ? 4 : 0) |
    (preferences.hide_address ? 16 : 0) |
    (receiveUnmatchedTopics ? 64 : 0) |
    (moderationAction !== null && moderationAction !== 'defer' ? 128 : 0) |
    (preferences.receive_list_copy === false ? 256 : 0);
  const isDigest = (preferences.delivery_mode ?? 'regular') !== 'regular';
  return `${isDigest ? 'digest' : 'regular'} ${bits} ${preferences.delivery_status ?? 'enabled'} ${preferences.preferred_language ?? ''} ${displayName} ${originalEmail}`;
}

function postsOf(
  cases: readonly TimelineStep[],
  lists: readonly ListParity[],
  observed: ReadonlyMap<string, string>,
): ReplayedPost[] {
  return cases.flatMap(({ name, case: { number, list, decision } }) => {
    const receivedAt = observed.get(name);
    if (receivedAt === undefined) return [];
    const parity = lists.find((one) => one.list === recordedListAddress(list));
    const compared = parity?.details.find((one) => one.received_at === receivedAt);
    return [{ number, name, list, recorded: decision, compared }];
  });
}

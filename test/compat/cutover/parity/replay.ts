import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFollower } from '../../../../compat/cutover/logs/follow-logs.ts';
import type { ComparedPost } from '../../../../compat/cutover/parity/compare.ts';
import { type ListParity, listParity } from '../../../../compat/cutover/parity/parity.ts';
import { settlePosts } from '../../../../compat/cutover/settle.ts';
import { PyBytes } from '../../../../migrate/pickle/values.ts';
import { openSite as openMailman2 } from '../../../../migrate/site/site.ts';
import { insertCutover } from '../../../../src/database/cutover.ts';
import { findList } from '../../../../src/database/lists.ts';
import { putMailman2Copy } from '../../../../src/database/mailman2-posts.ts';
import { parseUtc, type UtcTime } from '../../../../src/model/time.ts';
import { receivedMessage } from '../../../../src/mta/reception.ts';
import { enqueue } from '../../../peers/mailman2/queue-files.ts';
import {
  type RecordedCase,
  recordedCases,
  recordedFile,
  recordedListAddress,
  recordedLogs,
} from '../../../support/recorded-traffic.ts';
import { play } from '../../../traffic/play.ts';
import { recordedOutcome } from '../../../traffic/recorded-outcome.ts';
import { openSite, type Site } from '../../../traffic/site.ts';

export const LONG_AGO = parseUtc('2000-01-01T00:00:00Z') as UtcTime;

/** What Mailman 2.1 did with a post, beside what its logs say of that here. */
export interface ReplayedPost {
  readonly number: number;
  readonly name: string;
  readonly list: string;
  readonly recorded: string;
  readonly compared: ComparedPost | undefined;
}

export interface Replay {
  readonly lists: readonly ListParity[];
  readonly posts: readonly ReplayedPost[];
}

/**
 * Lets this server look on while the recorded site works: each post comes here as well, its logs are followed, and a copy of
 * what one of its members got comes to a listening address. Then both sides are compared.
 */
export async function replayTraffic(): Promise<Replay> {
  // Mailman 2's logs have the time of its place.
  process.env.TZ = 'Europe/Berlin';
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-parity-'));
  for (const name of ['lists', 'logs', 'qfiles/shunt']) mkdirSync(join(folder, name), { recursive: true });
  const site = await openSite(true);
  const mailman2 = openMailman2(folder);
  const follower = new LogFollower(site.services, mailman2);
  const { connection } = site.services.database;
  try {
    for (const name of site.lists) await noteList(site, name);
    const observed = new Map<number, string>();
    for (const recorded of recordedCases()) {
      const isAction = recorded.case.kind === 'tick';
      await play(site, recorded, async () => {
        const receivedAt = await observe(site, recorded);
        if (receivedAt !== undefined) observed.set(recorded.case.number, receivedAt);
        // What a moderator accepts leaves with the number that is next then.
        else if (isAction) await lookOn(site, recorded, folder, follower);
      });
      if (!isAction) await lookOn(site, recorded, folder, follower);
    }
    const lists: ListParity[] = [];
    for (const name of site.lists) {
      const list = await findList(connection, recordedListAddress(name));
      if (list) lists.push(await listParity(connection, mailman2, list, LONG_AGO));
    }
    return { lists, posts: replayed(lists, observed) };
  } finally {
    await site.close();
    rmSync(folder, { recursive: true });
  }
}

function replayed(lists: readonly ListParity[], observed: ReadonlyMap<number, string>): ReplayedPost[] {
  return recordedCases().flatMap(({ name, case: { number, list, decision } }) => {
    const receivedAt = observed.get(number);
    if (receivedAt === undefined) return [];
    const parity = lists.find((one) => one.list === recordedListAddress(list));
    const compared = parity?.details.find((post) => post.received_at === receivedAt);
    return [{ number, name, list, recorded: decision, compared }];
  });
}

async function noteList({ services: { database } }: Site, name: string): Promise<void> {
  const list = await findList(database.connection, recordedListAddress(name));
  if (!list) return;
  await insertCutover(database.connection, {
    ...{ listId: list.listId, since: LONG_AGO, mailman2Name: name, mailman2Domain: 'localhost' },
  });
  await database.connection('cutover').update({ stage: 'lead' });
}

/** @returns when the post came; undefined for what is no post */
async function observe(site: Site, recorded: RecordedCase): Promise<string | undefined> {
  const { kind, list: name, envelope_from } = recorded.case;
  const { database, clock } = site.services;
  const list = await findList(database.connection, recordedListAddress(name));
  if (kind !== 'post' || !list) return undefined;
  const now = clock.now();
  const content = recordedFile(recorded, 'in.eml');
  // Only for the moment: what the cases do otherwise is done as always.
  await database.connection('cutover').where('list_id', list.listId).update({ stage: 'observe' });
  await site.engine.accept('in', receivedMessage(content, envelope_from), {
    ...{ listid: list.listId, to_list: true, stage: 'observe', envelope_sender: envelope_from },
    ...{ received_time: now, original_size: content.length },
  });
  await site.engine.drain();
  await database.connection('cutover').update({ stage: 'lead' });
  const shunted = await database.connection('queue_entry').where('queue', 'shunt').pluck('error');
  if (shunted.length > 0) throw new Error(`${recorded.name}: ${shunted.join('\n')}`);
  return now;
}

async function lookOn(
  site: Site,
  recorded: RecordedCase,
  folder: string,
  follower: LogFollower,
): Promise<void> {
  await happen(site, recorded, folder);
  await follower.look();
  await settlePosts(site.services);
  await site.engine.drain();
}

/** What Mailman 2 left in its folder, and what it sent to the listening address. */
async function happen(site: Site, recorded: RecordedCase, folder: string): Promise<void> {
  const { list: name, decision, kind } = recorded.case;
  const { database, clock } = site.services;
  for (const [log, lines] of recordedLogs(recorded)) appendFileSync(join(folder, 'logs', log), lines);
  if (decision === 'shunted' && kind === 'post') {
    const content = recordedFile(recorded, 'in.eml').toString('latin1');
    enqueue(folder, 'shunt', content, { listname: PyBytes.utf8(name) });
  }
  const list = await findList(database.connection, recordedListAddress(name));
  const [sent] = kind === 'post' || kind === 'tick' ? recordedOutcome(recorded).posts : [];
  const messageId = sent?.message.headers.get('Message-ID');
  if (!list || !sent || messageId === undefined || recorded.case.number >= 366) return;
  await putMailman2Copy(
    database.connection,
    { listId: list.listId, messageId, changedAt: clock.now() },
    sent.message.toBuffer(),
  );
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bounceStep } from '../../src/bounces/bounce-step.ts';
import { processBounces } from '../../src/bounces/process-bounces.ts';
import { warnAndRemove } from '../../src/bounces/warn-and-remove.ts';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/handle.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { findMembers, membersOfList } from '../../src/database/members.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { Member } from '../../src/model/member.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { readings } from '../../src/mta/recipient.ts';
import type { Enqueued } from '../support/flow.ts';
import {
  importRecordedList,
  type RecordedCase,
  recordedCases,
  recordedFile,
  recordedListAddress,
} from '../support/recorded-traffic.ts';
import { testServices } from '../support/services.ts';
import { runRecorded } from './recorded-step.ts';

const LISTS = ['plain', 'announce', 'members-lab', 'vereinsrundbrief', 'mailman'];
const MAILS = recordedCases().filter(({ case: { number } }) => number >= 317 && number <= 354);
const JOBS = recordedCases().filter(({ case: { number } }) => [373, 374, 376].includes(number));

/** Mail to this member is refused while posts of other cases go out. */
const BOUNCES_ELSEWHERE = 'nosuch.user@example.net';

/** Mailman 2.1 looks for the recipient in headers only; the envelope has it too. He bounced that day before. */
const UNDERSTOOD_HERE = new Set([330]);

let database: Database;
let now: UtcTime;

beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
  for (const name of LISTS) await importRecordedList(database, name);
  // She joined in one of the cases before.
  const joined = [{ address: 'zoe.other@example.org', displayName: '' }];
  const plain = await listNamed('plain');
  await database.transaction((connection) =>
    subscribe(connection, plain, joined, { role: 'member', verified: true }),
  );
}, 60_000);
afterAll(() => database.close());

function run(recorded: RecordedCase, work: Parameters<typeof runRecorded>[1]): Promise<Enqueued[]> {
  now = utcFromEpoch(recorded.case.time) as UtcTime;
  return runRecorded(testServices(database, { clock: { now: () => now } }), work);
}

async function take(recorded: RecordedCase): Promise<Enqueued[]> {
  const { address, list, envelope_from } = recorded.case;
  const localPart = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const reading = readings(localPart, '+').find(
    ({ subAddress, listName }) => subAddress && listName === list,
  );
  return run(recorded, async (step) => {
    await bounceStep(
      {
        message: recordedFile(recorded, 'in.eml'),
        metadata: {
          listid: recordedListAddress(list).replace('@', '.'),
          envelope_sender: envelope_from,
          subaddress: 'bounces',
          ...(reading?.extension === undefined ? {} : { extension: reading.extension }),
        },
      },
      step,
    );
    while (await processBounces(step));
  });
}

/** A bounce record as Mailman 2.1 has it. */
interface Record21 {
  readonly score: number;
  readonly date: readonly [number, number, number];
  readonly noticesleft: number;
}

interface Change {
  readonly added?: Readonly<Record<string, Record21>>;
  readonly changed?: Readonly<Record<string, readonly [Record21, Record21]>>;
  readonly removed?: Readonly<Record<string, unknown>>;
}

/** The records that a case left behind, by list and address; null for those that are gone. */
function expectedRecords({ case: { state_diff } }: RecordedCase): [string, string, Record21 | null][] {
  return Object.entries(state_diff)
    .filter(([list]) => LISTS.includes(list))
    .flatMap(([list, { config = {} }]) => {
      const { added = {}, changed = {}, removed = {} } = (config.bounce_info ?? {}) as unknown as Change;
      return [
        ...Object.entries(added),
        ...Object.entries(changed).map(([email, [, after]]) => [email, after] as const),
        ...Object.keys(removed).map((email) => [email, null] as const),
      ].map(([email, record]): [string, string, Record21 | null] => [list, email, record]);
    })
    .filter(([, email]) => email !== BOUNCES_ELSEWHERE);
}

async function memberOf(list: string, email: string): Promise<Member | undefined> {
  const listId = recordedListAddress(list).replace('@', '.');
  const key = addressKey(email);
  return (await findMembers(database.connection, listId, 'member', [key])).get(key);
}

async function expectRecords(recorded: RecordedCase): Promise<void> {
  for (const [list, email, record] of expectedRecords(recorded)) {
    const member = await memberOf(list, email);
    if (record === null) {
      expect([list, email, member?.bounce.lastReceived ?? null]).toEqual([list, email, null]);
      continue;
    }
    const day = record.date.map((part) => String(part).padStart(2, '0')).join('-');
    expect([list, email, member?.bounce.score, member?.bounce.lastReceived?.slice(0, 10)]).toEqual([
      list,
      email,
      record.score,
      day,
    ]);
    if (member?.preferences.delivery_status === 'by_bounces') {
      const warnings = (await listNamed(list)).settings.bounce_you_are_disabled_warnings;
      expect(warnings - member.bounce.totalWarningsSent).toBe(record.noticesleft);
      if (member.legacy?.bounceNoticesLeft !== undefined)
        expect(member.legacy.bounceNoticesLeft).toBe(record.noticesleft);
    }
  }
}

async function listNamed(name: string) {
  const list = await findList(database.connection, recordedListAddress(name));
  if (!list) throw new Error(`no list ${name}`);
  return list;
}

function subjects(sent: readonly Enqueued[]): string[] {
  return sent.map(({ message }) => message.headers.get('Subject') ?? '');
}

async function owners(name: string): Promise<string[]> {
  const { listId } = await listNamed(name);
  const administrators = await membersOfList(database.connection, listId, ['owner', 'moderator']);
  return [...new Set(administrators.map(({ email }) => email))].sort();
}

describe('bounces at a list taken over from Mailman 2.1', () => {
  test.each(MAILS)('$name', async (recorded) => {
    const { number, decision, list, state_diff } = recorded.case;
    if (number === 347) await setProcessing(list, false);
    const sent = await take(recorded);
    if (number === 347) await setProcessing(list, true);
    await expectRecords(recorded);
    const forwarded = subjects(sent).includes('Uncaught bounce notification');
    const isPassedOn = decision === 'bounce forwarded' || decision === 'bounce not recognised';
    const discards = (await listNamed(list)).settings.forward_unrecognized_bounces_to === 'discard';
    expect(forwarded).toBe(isPassedOn && !discards && !UNDERSTOOD_HERE.has(number));
    if (forwarded) {
      const [notice] = sent;
      const expected = number === 345 ? ['changeme@example.com'] : await owners(list);
      expect(notice?.metadata.recipients?.map(addressKey).sort()).toEqual(expected);
      expect(notice?.metadata.envsender).toBe('changeme@example.com');
    }
    if (decision === 'bounce ignored') expect([sent.length, state_diff]).toEqual([0, {}]);
  });

  test('the fifth day of bounces switched delivery off, with a warning and a notice', async () => {
    const jana = await memberOf('plain', 'jana@example.org');
    expect(jana?.preferences.delivery_status).toBe('by_bounces');
    expect(jana?.deliveryStatusSince?.slice(0, 10)).toBe('2024-03-23');
    expect((await memberOf('members-lab', 'byuser@example.net'))?.preferences.delivery_status).toBe(
      'by_user',
    );
  });

  test.each(JOBS)('$name', async (recorded) => {
    const sent = await run(recorded, async (step) => {
      while (await warnAndRemove(step));
    });
    await expectRecords(recorded);
    const expected = recorded.case.outgoing
      .filter(({ from }) => /^(?:plain|announce|members-lab|vereinsrundbrief)-bounces@/.test(from))
      .flatMap(({ to }) => to);
    const toMembers = sent.filter(({ message }) => !/^changeme@/.test(message.headers.get('From') ?? ''));
    expect(toMembers.flatMap(({ metadata }) => metadata.recipients ?? []).sort()).toEqual(expected.sort());
    const removals = subjects(sent).filter((subject) => subject.endsWith('due to bounces'));
    expect(removals.length).toBe(recorded.case.number === 376 ? 2 : 0);
  });

  test('whoever got all warnings is no member any more', async () => {
    expect(await memberOf('plain', 'jana@example.org')).toBeUndefined();
    expect(await memberOf('members-lab', 'bybounce@example.net')).toBeUndefined();
    expect((await memberOf('announce', 'reader3@example.com'))?.preferences.delivery_status).toBe(
      'by_bounces',
    );
  });
});

async function setProcessing(name: string, process_bounces: boolean): Promise<void> {
  const list = await listNamed(name);
  await database.transaction((connection) => updateSettings(connection, list, { process_bounces }));
}

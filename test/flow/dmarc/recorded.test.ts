import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { findList } from '../../../src/database/lists.ts';
import { dmarcMitigation } from '../../../src/flow/rules/dmarc-mitigation.ts';
import { Message } from '../../../src/message/message.ts';
import { listIdOf, parsePostingAddress } from '../../../src/model/mailing-list.ts';
import type { MessageMetadata } from '../../../src/queue/queues.ts';
import {
  importRecordedList,
  type RecordedCase,
  recordedCases,
  recordedDns,
  recordedFile,
  recordedListAddress,
} from '../../support/recorded-traffic.ts';
import { testServices } from '../../support/services.ts';
import { zone } from '../arc/site.ts';

const isDecidedByIt = ({ name }: RecordedCase): boolean => name.includes('-dmarc-');
const asked = recordedCases().filter(({ case: { dns_queries } }) => (dns_queries?.length ?? 0) > 0);

let database: Database;
beforeAll(async () => {
  database = await openDatabase('sqlite:///:memory:');
});
afterAll(() => database.close());

/** What Mailman 2.1 did: nothing, put the list into From, or did not let the post through. */
function recordedAction(recorded: RecordedCase): string {
  const { decision, list, outgoing } = recorded.case;
  if (decision !== 'accepted') return decision;
  const author = Message.parse(recordedFile(recorded, 'in.eml')).headers.get('From') ?? '';
  const [first] = outgoing.filter(({ file }) => file !== null);
  const from = Message.parse(recordedFile(recorded, first?.file ?? '')).headers.get('From') ?? '';
  return from !== author && from.includes(recordedListAddress(list)) ? 'mitigated' : 'untouched';
}

test.each(asked.map((recorded) => [recorded.name, recorded] as const))('%s', async (_name, recorded) => {
  const { txt, servfail } = recordedDns();
  const failing = servfail.map((name) => [name, { code: 'ESERVFAIL' }] as const);
  const dns = zone({ ...txt, ...Object.fromEntries(failing) });
  await importRecordedList(database, recorded.case.list, recorded);
  const address = parsePostingAddress(recordedListAddress(recorded.case.list));
  const list = address && (await findList(database.connection, listIdOf(address)));
  if (!list) throw new Error('no list');
  // A database of its own for each case, as far as what was asked is remembered with it.
  const services = testServices({ ...database }, { resolver: dns });
  const metadata: MessageMetadata = {};
  const message = Message.parse(recordedFile(recorded, 'in.eml'));
  const reasons = await database.transaction((connection) =>
    dmarcMitigation.check(
      { list, message, metadata },
      { ...services, connection, enqueue: async () => undefined },
    ),
  );
  const action = metadata.dmarc ? 'mitigated' : reasons === null ? 'untouched' : `${metadata.dmarc_action}ed`;
  if (isDecidedByIt(recorded)) expect(action).toBe(recordedAction(recorded));
  expect(dns.asked.toSorted()).toEqual(recorded.case.dns_queries?.toSorted());
});

import { expect, test } from 'vitest';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { sendPeriodicDigests } from '../../../src/digests/periodic.ts';
import { parseUtc, type UtcTime } from '../../../src/model/time.ts';
import { collect } from '../../support/digests.ts';
import { mail, openFlowBench } from '../../support/flow.ts';

const LONG_AGO = parseUtc('2000-01-01T00:00:00Z') as UtcTime;
const LIST = 'ant.example.com';

test('digests of a list that Mailman 2 has in charge are its own, and ours once it is led from here', async () => {
  const bench = await openFlowBench();
  try {
    const { connection } = bench.database;
    await bench.join(['anne@example.com'], { deliveryMode: 'mime_digests' });
    await collect(bench, [mail()]);
    bench.clock.advance(2 * 86_400);
    const noted = { listId: LIST, since: LONG_AGO, mailman2Name: 'ant', mailman2Domain: 'localhost' };
    await insertCutover(connection, noted);
    const requested = async (): Promise<number> => {
      await sendPeriodicDigests(bench.services);
      return (await connection('queue_entry').where('queue', 'digest').select()).length;
    };
    expect(await requested()).toBe(0);
    await moveStage(connection, LIST, { from: 'legacy', to: 'lead', now: LONG_AGO });
    expect(await requested()).toBe(1);
  } finally {
    await bench.close();
  }
});

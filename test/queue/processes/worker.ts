/** A process that works on the queue `in` of a database until it is told to stop: it counts each message in a table. */
import { openDatabase } from '../../../src/database/connection.ts';
import { QueueEngine } from '../../../src/queue/engine.ts';
import { testServices } from '../../support/services.ts';

const [url = '', instance = ''] = process.argv.slice(2);
const database = await openDatabase(url);
const engine = new QueueEngine(
  testServices(database),
  {
    processors: {
      in: async ({ metadata }, { connection }) => {
        await connection('ban').insert({ email: instance, fingerprint: `${metadata.listid}` });
      },
    },
  },
  instance,
);
await engine.start();
process.send?.('ready');
process.on('message', async () => {
  await engine.stop();
  await database.close();
  process.disconnect();
});

/** A process that collects posts of the queue `digest` and sends digests up to the queue `out`, until it is told to stop. */
import { openDatabase } from '../../../src/database/connection.ts';
import { digestStep } from '../../../src/digests/digest-step.ts';
import { virginStep } from '../../../src/flow/pipeline-step.ts';
import { QueueEngine } from '../../../src/queue/engine.ts';
import { testServices } from '../../support/services.ts';

const [url = '', instance = ''] = process.argv.slice(2);
const database = await openDatabase(url);
const engine = new QueueEngine(
  testServices(database),
  {
    processors: {
      digest: ({ message, metadata }, step) => digestStep(message, metadata, step),
      virgin: virginStep,
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

import type { Processor, Workers } from '../../src/queue/engine.ts';
import type { QueueName } from '../../src/queue/queues.ts';
import { decideAlongside, finishAlongside } from './alongside.ts';
import { bouncesAlongside, commandsAlongside, commandsWithoutStage } from './commands-alongside.ts';
import { postWithoutStage, releaseAfterHandover, unlessFrozen } from './handover.ts';
import { ignore, listen } from './listen.ts';
import { observeAccepted, observePost } from './observe.ts';

type Processors = Workers['processors'];
type Stages = Partial<Record<string, Processor>>;

/** What is done instead, in each queue, with a mail whose address names a stage; '' for one whose address names none. */
const STAGED: Partial<Record<QueueName, (own: Processor) => Stages>> = {
  bounces: (own) => ({ alongside: bouncesAlongside(own), listen: ignore }),
  command: (own) => ({
    '': commandsWithoutStage(own),
    alongside: commandsAlongside(own),
    listen: ignore,
  }),
  in: (own) => ({
    '': postWithoutStage(own),
    observe: unlessFrozen(observePost),
    alongside: unlessFrozen(decideAlongside),
    handover: releaseAfterHandover,
    listen,
  }),
  pipeline: () => ({
    observe: unlessFrozen(observeAccepted),
    alongside: unlessFrozen(finishAlongside),
  }),
};

/**
 * Processors that heed the stage which the address of a mail names: what Mailman 2 delivers is not delivered twice.
 * @param processors those for mail of lists that are led from here
 */
export function stagedProcessors(processors: Processors): Processors {
  const entries = Object.entries(processors) as [QueueName, Processor][];
  return Object.fromEntries(
    entries.map(([queue, own]) => {
      const staged = STAGED[queue]?.(own) ?? {};
      const processor: Processor = (entry, step) => (staged[entry.metadata.stage ?? ''] ?? own)(entry, step);
      return [queue, processor];
    }),
  );
}

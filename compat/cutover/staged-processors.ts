import type { Processor, Workers } from '../../src/queue/engine.ts';
import { decideAlongside, finishAlongside } from './alongside.ts';
import { observePost } from './observe.ts';

type Processors = Workers['processors'];

/**
 * Processors that heed the stage which the address of a mail names: what Mailman 2 delivers is not delivered twice.
 * @param processors those for mail of lists that are led from here
 */
export function stagedProcessors(processors: Processors): Processors {
  const { in: incoming, pipeline } = processors;
  return {
    ...processors,
    ...(incoming ? { in: byStage(incoming, { observe: observePost, alongside: decideAlongside }) } : {}),
    ...(pipeline ? { pipeline: byStage(pipeline, { alongside: finishAlongside }) } : {}),
  };
}

function byStage(otherwise: Processor, staged: Partial<Record<string, Processor>>): Processor {
  return (entry, step) => (staged[entry.metadata.stage ?? ''] ?? otherwise)(entry, step);
}

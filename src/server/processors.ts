import { mailman21Language } from '../../compat/commands/index.ts';
import { stagedProcessors } from '../../compat/cutover/staged-processors.ts';
import { bounceStep } from '../bounces/bounce-step.ts';
import type { Config } from '../config/index.ts';
import type { RunnerKind } from '../config/schema/classes.ts';
import { digestStep } from '../digests/digest-step.ts';
import { commandStep } from '../flow/command-step.ts';
import { mailman3Language } from '../flow/commands/index.ts';
import { incomingStep } from '../flow/incoming-step.ts';
import { pipelineStep, virginStep } from '../flow/pipeline-step.ts';
import type { Processor } from '../queue/engine.ts';
import type { QueueName } from '../queue/queues.ts';

/** What works on the entries of each queue; `out` is delivered instead. */
export const processors: Partial<Readonly<Record<QueueName, Processor>>> = stagedProcessors({
  bounces: bounceStep,
  command: ({ message, metadata }, step) =>
    commandStep(message, metadata, step, step.config.legacy.commands ? mailman21Language : mailman3Language),
  digest: ({ message, metadata }, step) => digestStep(message, metadata, step),
  in: incomingStep,
  pipeline: pipelineStep,
  virgin: virginStep,
});

/** Whether the configuration wants something to run: `[runner.NAME] start`. */
export function isStarted({ runners }: Config, kind: RunnerKind): boolean {
  const sections = [...runners.values()].filter((runner) => runner.kind === kind);
  return sections.length === 0 || sections.some(({ start }) => start);
}

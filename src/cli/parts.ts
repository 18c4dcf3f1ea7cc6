import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { assembleCommand } from './assemble.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';

/** Name, summary and what it does, of a command within a command. */
export type Part = readonly [string, string, CliCommand];

/** Gives a command those within it; without one of them it only says which there are. */
export function takeParts(command: Command, context: CliContext, parts: readonly Part[]): void {
  for (const [name, summary, part] of parts) {
    command.addCommand(assembleCommand(part, { name, summary, load: async () => part }, context));
  }
  command.action(() => {
    const names = parts.map(([name]) => name).join(', ');
    const [wanted] = command.args;
    throw new UsageError(
      wanted === undefined
        ? `Missing command: ${names}.`
        : `No such command '${wanted}'; there are: ${names}.`,
    );
  });
}

import { assembleCommand } from '../../src/cli/assemble.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { ToolError } from './tool.ts';

/** Runs a `mailman` command in the place of an old one, with the same configuration and output. */
export async function runCommand(context: CliContext, name: string, argv: readonly string[]): Promise<void> {
  // Only here: the table of commands knows this one as well.
  const { findCommand } = await import('../../src/cli/program.ts');
  const entry = findCommand(name);
  if (!entry) throw new ToolError(`There is no command "mailman ${name}"`);
  const command = assembleCommand(await entry.load(), entry, context);
  await command.parseAsync([...argv], { from: 'user' });
}

import { UsageError } from '../../src/errors.ts';
import { tools } from './index.ts';
import { type ToolContext, ToolError, ToolUsageError } from './tool.ts';

/**
 * Runs one of the old commands. @returns its exit status, as Mailman 2.1 had it
 * @throws UsageError where there is none of this name
 */
export async function runTool(name: string, argv: readonly string[], context: ToolContext): Promise<number> {
  const entry = tools.find((one) => one.name === name);
  if (!entry) throw new UsageError(`No such command of Mailman 2.1: ${name}`);
  const { tool } = await entry.load();
  if (argv[0] === '-h' || argv[0] === '--help') {
    for (const line of tool.usage) context.print(line);
    return 0;
  }
  try {
    return await tool.run(argv, context);
  } catch (error) {
    if (error instanceof ToolUsageError) {
      for (const line of tool.usage) context.warn(line);
      context.warn('');
      context.warn(error.message);
      return 1;
    }
    if (!(error instanceof ToolError)) throw error;
    context.warn(error.message);
    return error.status;
  }
}

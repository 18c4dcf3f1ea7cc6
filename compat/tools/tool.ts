import type { CliContext } from '../../src/cli/context.ts';
import { FerrymanError } from '../../src/errors.ts';

/** What a tool works with. */
export interface ToolContext extends CliContext {
  /** Runs a `mailman` command with the same configuration, and output unless it is to be quiet. */
  readonly runCommand: (
    name: string,
    argv: readonly string[],
    options?: { readonly quiet: boolean },
  ) => Promise<void>;
}

/** A command of Mailman 2.1's bin directory: one file each, under its name. */
export interface LegacyTool {
  /** What `-h` shows. */
  readonly usage: readonly string[];
  /** @returns the exit status that Mailman 2.1 had for this */
  readonly run: (argv: readonly string[], context: ToolContext) => Promise<number>;
}

/** A tool was called in a way that it does not understand: the usage is shown, and the exit status is 1. */
export class ToolUsageError extends FerrymanError {
  override name = 'ToolUsageError';
}

/** Something that a tool says on standard error before it ends. */
export class ToolError extends FerrymanError {
  override name = 'ToolError';
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

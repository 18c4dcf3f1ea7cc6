import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** One command of `mailman`: a file of its own, loaded when it is called. */
export interface CliCommand {
  /** Adds arguments, options and action to the command made for it. */
  readonly define: (command: Command, context: CliContext) => void;
  /** Options that Mailman spells in a way that cannot be declared, and what they are called here. */
  readonly spellings?: Readonly<Record<string, string>>;
}

/** A command as the overview lists it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CliCommand>;
}

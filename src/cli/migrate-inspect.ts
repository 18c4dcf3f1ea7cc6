import type { CliCommand } from './command.ts';

export const inspect: CliCommand = { define: () => undefined };

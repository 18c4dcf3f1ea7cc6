import type { CliCommand } from './command.ts';

export const verify: CliCommand = { define: () => undefined };

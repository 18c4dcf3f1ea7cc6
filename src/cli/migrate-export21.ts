import type { CliCommand } from './command.ts';

export const exportTwentyOne: CliCommand = { define: () => undefined };

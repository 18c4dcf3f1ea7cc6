import type { EmailCommand } from './command.ts';

/** `echo`: sends back what it was given. */
export const echo: EmailCommand = {
  name: 'echo',
  aliases: [],
  usage: '[words]',
  summary: 'help_echo',
  run: async ({ answer }, words) => {
    answer(['echo', ...words].join(' '));
    return 'go on';
  },
};

import type { EmailCommand } from './command.ts';

/** `end`, `stop`: what follows is no command. */
export const end: EmailCommand = {
  name: 'end',
  aliases: ['stop'],
  usage: '',
  summary: 'help_end',
  run: async () => 'stop',
};

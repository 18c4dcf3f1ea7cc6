import { wrapLines } from '../../templates/wrap.ts';
import type { CommandMail, EmailCommand } from './command.ts';

const NAME_WIDTH = 22;
const LINE_WIDTH = 70;

/** `help`: the commands, or one of them. */
export const help: EmailCommand = {
  name: 'help',
  aliases: [],
  usage: '[command]',
  summary: 'help_help',
  run: async (mail, words) => {
    const { answer, warn, say, commands } = mail;
    const [name, ...more] = words;
    if (name === undefined) {
      for (const line of overview(mail)) answer(line);
      return 'go on';
    }
    if (more.length > 0) {
      warn(say('command_help_arguments', { arguments: words.join(' ') }));
      return 'stop';
    }
    const command = commands.get(name.toLowerCase());
    if (!command) {
      warn(say('command_help_unknown', { command: name }));
      return 'stop';
    }
    for (const usage of [command.name, ...command.aliases]) answer(`${usage} ${command.usage}`.trimEnd());
    for (const key of [command.summary, ...(command.details ?? [])]) {
      for (const line of wrapLines(say(key), { width: LINE_WIDTH })) answer(line);
    }
    return 'go on';
  },
};

/** Each command with its other names and what it does. */
function overview({ commands, say }: CommandMail): string[] {
  const sorted = [...new Set(commands.values())].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap(({ name, aliases, summary }) => {
    const names = [name, ...aliases].join(', ');
    const lines = wrapLines(say(summary), { width: LINE_WIDTH - NAME_WIDTH });
    const beside = names.length < NAME_WIDTH ? lines : ['', ...lines];
    return beside.map((line, index) => ((index === 0 ? names : '').padEnd(NAME_WIDTH) + line).trimEnd());
  });
}

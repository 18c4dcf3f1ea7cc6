import type { CommandMail, EmailCommand } from './command.ts';

/**
 * Carries out command lines in their order. The first word names the command; where it does not, the second is tried,
 * as in `please help`. A line that stood before is not carried out again.
 * @returns the lines after the one that ended the commands
 */
export async function runCommands(mail: CommandMail, lines: readonly string[]): Promise<readonly string[]> {
  const done = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (done.has(line)) continue;
    done.add(line);
    const words = line.split(' ');
    const found = findCommand(mail, words);
    if (!found) mail.warn(mail.say('command_unknown', { command: words[0] ?? '' }));
    else if ((await found.command.run(mail, found.words)) === 'stop') return lines.slice(index + 1);
  }
  return [];
}

function findCommand(
  { commands }: CommandMail,
  [first = '', second = '', ...others]: readonly string[],
): { readonly command: EmailCommand; readonly words: readonly string[] } | undefined {
  const command = commands.get(first.toLowerCase());
  if (command) return { command, words: second === '' ? [] : [second, ...others] };
  const later = commands.get(second.toLowerCase());
  return later && { command: later, words: others };
}

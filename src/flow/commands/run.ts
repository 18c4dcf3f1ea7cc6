import { Mailman2InChargeError } from '../../membership/mailman2-in-charge.ts';
import type { CommandLanguage, CommandMail, EmailCommand } from './command.ts';
import type { CommandLines } from './lines.ts';

/**
 * Carries out command lines in their order. The first word names the command; where it does not, the second is tried,
 * as in `please help` (only in the Subject, where unknown words end the commands: people write below them `do not leave
 * us`). A line that stood before is not carried out again.
 * @returns the lines after the one that ended the commands
 */
export async function runCommands(
  mail: CommandMail,
  { lines, hasSubject }: Pick<CommandLines, 'lines' | 'hasSubject'>,
  { unknown }: Pick<CommandLanguage, 'unknown'>,
): Promise<readonly string[]> {
  const done = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (done.has(line)) continue;
    const words = line.split(' ');
    const isSubject = hasSubject && index === 0;
    const found = findCommand(mail, words, unknown === 'told' || isSubject);
    if (found) {
      done.add(line);
      if ((await carryOut(mail, found)) === 'stop') return lines.slice(index + 1);
    } else if (unknown === 'told' || (done.size === 0 && index === lines.length - 1)) {
      done.add(line);
      mail.warn(mail.say('command_unknown', { command: words[0] ?? '' }));
    } else if (!isSubject) {
      if (done.size > 0) return lines.slice(index);
      mail.warn(mail.say('command_unknown', { command: words[0] ?? '' }));
      return lines.slice(index + 1);
    }
  }
  return [];
}

/** Somebody whom Mailman 2 has handed over may ask for somebody whom it has not. */
async function carryOut(
  mail: CommandMail,
  { command, words }: NonNullable<ReturnType<typeof findCommand>>,
): ReturnType<EmailCommand['run']> {
  try {
    return await command.run(mail, words);
  } catch (error) {
    if (!(error instanceof Mailman2InChargeError)) throw error;
    mail.warn(error.message);
    return 'stop';
  }
}

function findCommand(
  { commands }: CommandMail,
  [first = '', second = '', ...others]: readonly string[],
  mayBeSecond: boolean,
): { readonly command: EmailCommand; readonly words: readonly string[] } | undefined {
  const command = commands.get(first.toLowerCase());
  if (command) return { command, words: second === '' ? [] : [second, ...others] };
  const later = mayBeSecond ? commands.get(second.toLowerCase()) : undefined;
  return later && { command: later, words: others };
}

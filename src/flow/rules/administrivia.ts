import { decodeHeader } from '../../message/encoded-words.ts';
import { firstPlainText } from '../../message/text.ts';
import type { Rule } from '../post.ts';

/** Octets of a text in which its first lines are looked for. */
const BEGINNING = 65_536;

/** Command words with the least and the most number of arguments that make a line look like a command. */
const COMMANDS: Readonly<Record<string, readonly [number, number]>> = {
  confirm: [1, 1],
  help: [0, 0],
  info: [0, 0],
  lists: [0, 0],
  options: [0, 0],
  password: [2, 2],
  remove: [0, 0],
  set: [3, 3],
  subscribe: [0, 3],
  unsubscribe: [0, 1],
  who: [0, 2],
};

export const administrivia: Rule = {
  name: 'administrivia',
  description: 'The subject or the beginning of the text looks like a command for the list server.',
  record: true,
  check: async ({ list, message }, { config }) => {
    if (!list.settings.administrivia) return null;
    const text = firstPlainText(message, BEGINNING) ?? '';
    const looked = [
      decodeHeader(message.headers.get('Subject') ?? ''),
      ...firstLines(text, config.mailman.email_commands_max_lines),
    ];
    return looked.some(looksLikeCommand) ? ['Message contains administrivia'] : null;
  },
};

/** The first lines that are not empty. */
function* firstLines(text: string, most: number): Generator<string> {
  let found = 0;
  for (let start = 0; start < text.length && found < most; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    start = end + 1;
    if (line.trim() === '') continue;
    found += 1;
    yield line;
  }
}

function looksLikeCommand(line: string): boolean {
  const [word = '', ...rest] = line.trim().toLowerCase().split(/\s+/, 6);
  const limits = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  return limits !== undefined && rest.length >= limits[0] && rest.length <= limits[1];
}

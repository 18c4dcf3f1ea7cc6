import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

/** Standard input. */
const STDIN = 0;

const INTERRUPT = '\u0003';
const DELETE = '\u007f';

let piped: string[] | undefined;

/** Asks on the terminal, else reads a line of standard input. Passwords are not shown while they are typed. */
export async function prompt(question: string, options: { readonly hidden?: boolean } = {}): Promise<string> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) {
    piped ??= readFileSync(STDIN, 'utf8').split('\n');
    return piped.shift() ?? '';
  }
  if (options.hidden) {
    stdout.write(question);
    return readHidden();
  }
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

async function readHidden(): Promise<string> {
  const { stdin, stdout } = process;
  stdin.setRawMode(true);
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return typed;
        if (character === INTERRUPT) process.exit(1);
        typed = character === DELETE ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdout.write('\n');
  }
}

import { createInterface } from 'node:readline/promises';

/** Asks on the terminal. Passwords are not shown while they are typed. */
export async function prompt(question: string, options: { readonly hidden?: boolean } = {}): Promise<string> {
  const { stdin, stdout } = process;
  const lines = createInterface({ input: stdin, output: stdout, terminal: stdin.isTTY && !options.hidden });
  try {
    if (!options.hidden || !stdin.isTTY) return await lines.question(question);
    stdout.write(question);
    return await readHidden();
  } finally {
    lines.close();
  }
}

async function readHidden(): Promise<string> {
  const { stdin, stdout } = process;
  stdin.setRawMode(true);
  stdin.resume();
  let typed = '';
  try {
    for await (const chunk of stdin) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return typed;
        if (character === '\u0003') process.exit(1);
        typed = character === '\u007f' ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdout.write('\n');
  }
}

import { readFileSync } from 'node:fs';

/** A command of a page, and what it answers there; lines as `...` stand for any. */
export interface Command {
  readonly text: string;
  readonly answer: readonly string[];
}

/** A file of which a page shows all, or lines that belong into it. */
export interface Excerpt {
  /** Such as `/etc/postfix/main.cf, before`. */
  readonly title: string;
  readonly content: string;
}

/** What a page says to do, in its order. */
export interface Guide {
  readonly commands: readonly Command[];
  readonly excerpts: readonly Excerpt[];
}

/**
 * Reads what a page says to do: the commands in its blocks for consoles, and its other blocks by the title in their first
 * line.
 * @param page its path from the top of the repository
 * @param chapter only below this heading, to the next of the same rank
 */
export function readGuide(page: string, chapter?: string): Guide {
  const whole = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const text =
    chapter === undefined ? whole : whole.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`));
  if (text === undefined) throw new Error(`${page} has no chapter "${chapter}"`);
  const commands: Command[] = [];
  const excerpts: Excerpt[] = [];
  for (const [, language, content = ''] of text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)) {
    if (language === 'console') commands.push(...commandsIn(content));
    else if (content.trimStart().startsWith('# ')) {
      const lines = content.replace(/^ +/gm, '').split('\n');
      excerpts.push({ title: (lines[0] ?? '').slice(2), content: lines.slice(1).join('\n') });
    }
  }
  return { commands, excerpts };
}

/** @throws Error where the page has none of this title */
export function excerptOf({ excerpts }: Guide, title: string): string {
  const found = excerpts.find((excerpt) => excerpt.title === title);
  if (!found) throw new Error(`The page has no block "${title}"`);
  return found.content;
}

function commandsIn(block: string): Command[] {
  const commands: { text: string; answer: string[] }[] = [];
  for (const line of block.replace(/^ {3}/gm, '').trimEnd().split('\n')) {
    const [, text] = /^[$#] (.*)$/.exec(line) ?? [];
    if (text !== undefined) commands.push({ text, answer: [] });
    else commands.at(-1)?.answer.push(line);
  }
  return commands;
}

/**
 * An answer as it is compared: what is different in each run (times, durations, secrets, the account) is left out.
 * @param answer with `...` for what was left out, within a line or for whole lines
 */
export function isAnswer(output: string, answer: readonly string[]): boolean {
  const given = steady(output.trimEnd()).split('\n');
  const wanted = steady(answer.join('\n')).split('\n');
  let at = 0;
  let isOpen = false;
  for (const line of wanted) {
    if (line === '...') {
      isOpen = true;
      continue;
    }
    const pattern = new RegExp(`^${line.split('...').map(RegExp.escape).join('.*')}$`);
    const found = given.findIndex((one, index) => index >= at && pattern.test(one));
    if (found < 0 || (!isOpen && found !== at)) return false;
    at = found + 1;
    isOpen = false;
  }
  return isOpen || at === given.length;
}

function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?/g, 'TIME')
    .replace(/\b\d+(\.\d+)? s\b/g, 'N s')
    .replace(/\/link\/[\w-]+\//g, '/link/SECRET/')
    .replace(/^TIME \w+ /gm, 'TIME WHO ');
}

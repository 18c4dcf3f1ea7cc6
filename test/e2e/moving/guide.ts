import { readFileSync } from 'node:fs';

/** A command of a page. */
export interface Command {
  readonly text: string;
  /** What it answers there, where lines as `...` stand for any; undefined where the page does not tell: then it must go well. */
  readonly answer: readonly string[] | undefined;
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
 * Reads what a page says to do: the commands in its blocks for consoles and shells, and its other blocks by the title in
 * their first line.
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
  for (const [, indent = '', language, block = ''] of text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)) {
    const content = block.replace(new RegExp(`^${indent}`, 'gm'), '');
    if (language === 'console') commands.push(...commandsIn(content));
    else if (language === 'sh' && !content.startsWith('# ')) {
      for (const line of content.trimEnd().split('\n')) commands.push({ text: line, answer: undefined });
    } else if (content.startsWith('# ')) {
      const lines = content.split('\n');
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
  for (const line of block.trimEnd().split('\n')) {
    const [, text] = /^[$#] (.*)$/.exec(line) ?? [];
    if (text !== undefined) commands.push({ text, answer: [] });
    else commands.at(-1)?.answer.push(line);
  }
  return commands;
}

/**
 * Compares what a command said with what a page says. What is different in each run (times, durations, secrets, the
 * account) does not count, nor do columns.
 * @param answer with `...` for what was left out, within a line or for whole lines
 * @returns the first line of the page that is not there; undefined where all is
 */
export function missingLine(output: string, answer: readonly string[]): string | undefined {
  const given = steady(output.trimEnd()).split('\n');
  const wanted = answer.length === 0 ? [''] : answer.map(steady);
  let at = 0;
  let isOpen = false;
  for (const line of wanted) {
    if (line === '...') {
      isOpen = true;
      continue;
    }
    const pattern = new RegExp(`^${line.split('...').map(RegExp.escape).join('.*')}$`);
    const found = given.findIndex((one, index) => index >= at && pattern.test(one));
    if (found < 0 || (!isOpen && found !== at)) return line;
    at = found + 1;
    isOpen = false;
  }
  return isOpen || at === given.length ? undefined : `(the end, not "${given[at]}")`;
}

function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME')
    .replace(/\b\d+(\.\d+)? s\b/g, 'N s')
    .replace(/\/link\/[\w-]+\//g, '/link/SECRET/')
    .replace(/^TIME \w+ /gm, 'TIME WHO ')
    .replace(/(?<=\S) {2,}/g, '  ')
    .replace(/ +$/gm, '');
}

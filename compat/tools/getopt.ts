import { ToolUsageError } from './tool.ts';

/** What a command line consists of. */
export interface ParsedArguments {
  /** Options by their long name, with the values that they were given ('' for flags). */
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

/** An option: `b/bare`, `V/virtual-host-overview=` with a value, `w/welcome-msg?` with one perhaps, behind `=`. */
export type OptionSpec = string;

interface Known {
  readonly short: string;
  readonly long: string;
  readonly value: 'none' | 'needed' | 'possible';
}

/**
 * Reads a command line as Python's getopt does, by which the tools of Mailman 2.1 read theirs: `-ab` is `-a -b`, `-oX` is
 * `-o X`, a long name may be shortened while it stays clear, and the first word that is no option ends the options.
 * @throws ToolUsageError
 */
export function getopt(argv: readonly string[], specs: readonly OptionSpec[]): ParsedArguments {
  const known = specs.map(readSpec);
  const found = new Map<string, string[]>();
  const add = (long: string, value: string): void => {
    found.set(long, [...(found.get(long) ?? []), value]);
  };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') return { options: found, rest: words };
    if (!word.startsWith('-') || word === '-') return { options: found, rest: [word, ...words] };
    if (word.startsWith('--')) {
      const [name = '', ...values] = word.slice(2).split('=');
      const option = longOption(known, name);
      const value = values.length > 0 ? values.join('=') : undefined;
      if (option.value === 'none' && value !== undefined)
        throw new ToolUsageError(`option --${option.long} must not have an argument`);
      add(option.long, value ?? (option.value === 'needed' ? next(words, `--${option.long}`) : ''));
    } else readShort(known, word, words, add);
  }
  return { options: found, rest: [] };
}

function readSpec(spec: OptionSpec): Known {
  const [, short = '', long = '', mark = ''] = /^(.?)\/([\w-]+)([=?]?)$/.exec(spec) ?? [];
  return { short, long, value: mark === '=' ? 'needed' : mark === '?' ? 'possible' : 'none' };
}

function readShort(
  known: readonly Known[],
  word: string,
  words: string[],
  add: (long: string, value: string) => void,
): void {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const option = known.find(({ short }) => short !== '' && short === letter);
    if (!option) throw new ToolUsageError(`option -${letter} not recognized`);
    if (option.value === 'none') add(option.long, '');
    else {
      const attached = word.slice(at + 1);
      if (option.value === 'possible') add(option.long, attached.replace(/^=/, ''));
      else add(option.long, attached === '' ? next(words, `-${letter}`) : attached);
      return;
    }
  }
}

function longOption(known: readonly Known[], name: string): Known {
  const exact = known.find(({ long }) => long === name);
  if (exact) return exact;
  const possible = known.filter(({ long }) => long.startsWith(name));
  const [only, ...others] = possible;
  if (!only) throw new ToolUsageError(`option --${name} not recognized`);
  if (others.length > 0) throw new ToolUsageError(`option --${name} not a unique prefix`);
  return only;
}

function next(words: string[], option: string): string {
  const value = words.shift();
  if (value === undefined) throw new ToolUsageError(`option ${option} requires argument`);
  return value;
}

import type { Action } from '../../src/model/enums.ts';
import { ANY_HEADER, type HeaderMatch } from '../../src/model/header-match.ts';
import { tryCompilePattern } from '../../src/model/pattern.ts';
import { numberOf, type PickleValue, PyTuple } from '../pickle/values.ts';
import { type Conversion, keepAside, keepOdd } from './conversion.ts';
import { valuePattern } from './header-value.ts';

/** Mailman 2.1's numbers; `approve` (1) came from older versions and lets the post through. */
const ACTIONS = new Map<number, Action>([
  [0, 'defer'],
  [1, 'accept'],
  [2, 'reject'],
  [3, 'discard'],
  [6, 'accept'],
  [7, 'hold'],
]);

/** A pattern for one header: `^Name:` with nothing in the name that may match another one: an open dot may. */
const ONE_HEADER = /^\^((?:[A-Za-z0-9_-]|\\[-.])+):(.*)$/s;

/** The database's limit; a longer name is searched with the value. */
const LONGEST_NAME = 255;

const KEY = 'header_filter_rules';

/** `header_filter_rules`: (patterns, action, flag); each line of the patterns is searched in `Name: value` lines. */
export function convertHeaderFilters(conversion: Conversion): HeaderMatch[] {
  const rules = conversion.config.get(KEY);
  if (rules === undefined || rules === null) return [];
  if (!Array.isArray(rules)) {
    keepOdd(conversion, KEY, 'is no list');
    return [];
  }
  const matches = rules.flatMap((rule, index) => convertRule(conversion, rule, `${KEY} ${index + 1}`));
  return withoutDuplicates(conversion, matches);
}

function convertRule(conversion: Conversion, rule: PickleValue, tag: string): HeaderMatch[] {
  const [patterns, code] = rule instanceof PyTuple ? rule.items : Array.isArray(rule) ? rule : [];
  const text = conversion.texts.read(patterns, KEY);
  const action = ACTIONS.get(numberOf(code) ?? -1);
  if (text === undefined || action === undefined) {
    keepOdd(conversion, KEY, `has a rule that cannot be understood (${tag}); the others count`);
    return [];
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  const comments = lines.filter((line) => line.startsWith('#'));
  for (const comment of comments) keepAside(conversion, KEY, `${JSON.stringify(comment)} is a comment`);
  return lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => convertLine(conversion, line, action, tag));
}

function convertLine({ notes }: Conversion, line: string, action: Action, tag: string): HeaderMatch {
  if (!tryCompilePattern(line)) {
    notes.needsPerson(tag, `${JSON.stringify(line)} is no regular expression; it will not match anything`);
    return { header: ANY_HEADER, pattern: line, action, tag };
  }
  const [, name = '', rest] = ONE_HEADER.exec(line) ?? [];
  const pattern = rest === undefined || name.length > LONGEST_NAME ? undefined : valuePattern(rest);
  return pattern === undefined
    ? { header: ANY_HEADER, pattern: line, action, tag }
    : { header: name.replace(/\\/g, '').toLowerCase(), pattern, action, tag };
}

/** The first of two equal ones decides in any case. */
function withoutDuplicates({ notes }: Conversion, matches: readonly HeaderMatch[]): HeaderMatch[] {
  const seen = new Set<string>();
  return matches.filter(({ header, pattern }) => {
    const key = `${header}\n${pattern}`;
    if (seen.has(key)) notes.changedMeaning(KEY, `${header}: ${pattern} is there twice; the first counts`);
    return !seen.has(key) && seen.add(key);
  });
}

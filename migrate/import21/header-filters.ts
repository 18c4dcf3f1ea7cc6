import type { Action } from '../../src/model/enums.ts';
import { ANY_HEADER, type HeaderMatch } from '../../src/model/header-match.ts';
import { tryCompilePattern } from '../../src/model/pattern.ts';
import { numberOf, PyTuple } from '../pickle/values.ts';
import { type Conversion, keepAside } from './conversion.ts';

/** Mailman 2.1's numbers; `approve` (1) came from older versions and lets the post through. */
const ACTIONS = new Map<number, Action>([
  [0, 'defer'],
  [1, 'accept'],
  [2, 'reject'],
  [3, 'discard'],
  [6, 'accept'],
  [7, 'hold'],
]);

/** A pattern for one header: `^Name:` with nothing but letters, digits and dashes, perhaps escaped, in the name. */
const ONE_HEADER = /^\^((?:[A-Za-z0-9_]|\\?[-.])+):(.*)$/s;

/** `header_filter_rules`: (patterns, action, flag); each line of the patterns is searched in `Name: value` lines. */
export function convertHeaderFilters(conversion: Conversion): HeaderMatch[] {
  const rules = conversion.config.get('header_filter_rules');
  if (!Array.isArray(rules)) return [];
  const matches = rules.flatMap((rule, index) => {
    const [patterns, code] = rule instanceof PyTuple ? rule.items : Array.isArray(rule) ? rule : [];
    const text = conversion.texts.read(patterns, 'header_filter_rules');
    const action = ACTIONS.get(numberOf(code) ?? -1);
    const subject = `header_filter_rules ${index + 1}`;
    if (text === undefined || action === undefined) {
      keepAside(conversion, 'header_filter_rules');
      conversion.notes.needsPerson(subject, 'neither pattern nor action can be understood; kept aside');
      return [];
    }
    const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
    return lines.map((line) => convertLine(conversion, line, action, subject));
  });
  return withoutDuplicates(conversion, matches);
}

function convertLine(conversion: Conversion, line: string, action: Action, tag: string): HeaderMatch {
  if (!tryCompilePattern(line)) {
    conversion.notes.needsPerson(
      tag,
      `${JSON.stringify(line)} is no regular expression; it will not match anything`,
    );
    return { header: ANY_HEADER, pattern: line, action, tag };
  }
  const [, name, rest] = ONE_HEADER.exec(line) ?? [];
  // An alternative at the top level reaches beyond the header's name.
  if (name === undefined || rest === undefined || hasTopLevelAlternative(rest)) {
    return { header: ANY_HEADER, pattern: line, action, tag };
  }
  return { header: name.replace(/\\/g, '').toLowerCase(), pattern: valuePattern(rest), action, tag };
}

/**
 * Mailman 2.1 sees `Name: value`, here the value alone is searched: the blank after the colon goes, and the
 * anchor moves to the start of the value unless anything may stand before.
 */
function valuePattern(rest: string): string {
  if (rest === '' || rest === ' ') return '.*';
  const anywhere = /^ ?\.\*(?![?+{])(.+)$/s.exec(rest)?.[1];
  if (anywhere !== undefined) return anywhere;
  return `^${/^ [^*+?{]/.test(rest) ? rest.slice(1) : rest}`;
}

function hasTopLevelAlternative(pattern: string): boolean {
  let depth = 0;
  let inClass = false;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') index += 1;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return true;
  }
  return false;
}

/** The first of two equal ones decides in any case. */
function withoutDuplicates({ notes }: Conversion, matches: readonly HeaderMatch[]): HeaderMatch[] {
  const seen = new Set<string>();
  return matches.filter(({ header, pattern }) => {
    const key = `${header}\n${pattern}`;
    if (seen.has(key))
      notes.changedMeaning('header_filter_rules', `${header}: ${pattern} is there twice; the first counts`);
    return !seen.has(key) && seen.add(key);
  });
}

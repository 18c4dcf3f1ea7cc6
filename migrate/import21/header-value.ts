import { hasStart, hasTopLevelAlternative } from './patterns.ts';

/**
 * The pattern for the value of one header that finds what Mailman 2.1 finds in the line `Name: value` with
 * `^Name:` and the rest of a pattern. Undefined where the blank after the colon may matter: then the pattern has to
 * be searched in the whole line.
 */
export function valuePattern(rest: string): string | undefined {
  if (rest === '' || rest === ' ') return '.*';
  if (looksBack(rest) || hasTopLevelAlternative(rest)) return undefined;
  const anywhere = /^ ?\.\*(.+)$/s.exec(rest)?.[1];
  if (anywhere !== undefined && beginsWithCharacter(anywhere)) return anywhere;
  const [, blanks = '', afterBlanks] = /^( \*|\\s\*)(.+)$/s.exec(rest) ?? [];
  if (afterBlanks !== undefined && beginsWithCharacter(afterBlanks)) return `^${blanks}${afterBlanks}`;
  const afterBlank = /^ ([^*+?{].*)$/s.exec(rest)?.[1];
  return afterBlank === undefined ? undefined : `^${afterBlank}`;
}

/** Whether something in the pattern depends on what stands before it, or is a switch for the whole of it. */
function looksBack(pattern: string): boolean {
  return hasStart(pattern) || /\\[AB]|\(\?(?:<|[a-zA-Z])/.test(pattern);
}

/** Whether a match begins with a character that is no blank: a literal or a class of letters, there at least once. */
function beginsWithCharacter(pattern: string): boolean {
  return /^(?:\\b)?(?:[\w\u0080-\uffff]|\\[-.@/!#+*]|\[[\w\u0080-\uffff-]+\])(?![*?{])/.test(pattern);
}

/** Looking into regular expressions without running them. */

/** The characters of a pattern that are neither escaped nor in a class, with how deep in groups they stand. */
function* operators(pattern: string): Generator<{ readonly index: number; readonly depth: number }> {
  let depth = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') index += 1;
    else if (character === '[') index = endOfClass(pattern, index);
    else {
      if (character === ')') depth -= 1;
      yield { index, depth };
      if (character === '(') depth += 1;
    }
  }
}

/** A bracket right after the opening one, or after `[^`, stands for itself. */
function endOfClass(pattern: string, start: number): number {
  let index = pattern[start + 1] === '^' ? start + 2 : start + 1;
  if (pattern[index] === ']') index += 1;
  for (; index < pattern.length && pattern[index] !== ']'; index += 1)
    if (pattern[index] === '\\') index += 1;
  return index;
}

/** Whether the pattern as a whole is one of several alternatives. */
export function hasTopLevelAlternative(pattern: string): boolean {
  for (const { index, depth } of operators(pattern)) if (depth === 0 && pattern[index] === '|') return true;
  return false;
}

/** Whether `^` stands anywhere in the pattern for the start of the text. */
export function hasStart(pattern: string): boolean {
  for (const { index } of operators(pattern)) if (pattern[index] === '^') return true;
  return false;
}

/** The pattern with every `$` that stands for the end of the text replaced. */
export function replaceEnds(pattern: string, replacement: string): string {
  let replaced = '';
  let done = 0;
  for (const { index } of operators(pattern)) {
    if (pattern[index] !== '$') continue;
    replaced += pattern.slice(done, index) + replacement;
    done = index + 1;
  }
  return replaced + pattern.slice(done);
}

/** A pattern that matches exactly this text. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

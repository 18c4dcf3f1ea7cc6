import type { Pick } from './address-scan.ts';
import type { TextLine } from './bounce-mail.ts';

/** A part of a report's text in which the addresses stand. */
export interface Section {
  /** Lower-case phrases; a line with one of them begins it. The addresses may stand in this line already. */
  readonly begin: readonly string[];
  /** Lower-case phrases of which the text must hold one. */
  readonly needs?: readonly string[];
  /** Lower-case phrases that end it; without any, it lasts to the end of the text. */
  readonly end?: readonly string[];
  /** Whether an empty line ends it once an address was found. */
  readonly endsAtBlank?: boolean;
  readonly pick: Pick;
}

/** The addresses in all sections of this kind. */
export function addressesInSections(lines: readonly TextLine[], section: Section): string[] {
  const { begin, needs, end = [], endsAtBlank = false, pick } = section;
  if (needs && !mentions(lines, needs)) return [];
  const found: string[] = [];
  let isInside = false;
  let before = 0;
  for (const { text, phrase } of lines) {
    if (begin.some((words) => phrase.includes(words))) {
      if (!isInside) before = found.length;
      isInside = true;
    } else if (isInside && isEnd(phrase, end, endsAtBlank && found.length > before)) isInside = false;
    if (isInside) found.push(...pick(text));
  }
  return found;
}

/** The addresses behind any of these lower-case phrases, in the same line. */
export function addressesBehind(
  lines: readonly TextLine[],
  phrases: readonly string[],
  pick: Pick,
): string[] {
  const found: string[] = [];
  for (const { text, phrase } of lines) {
    const words = phrases.find((start) => phrase.startsWith(start));
    if (words !== undefined) found.push(...pick(text.trim().replace(/\s+/g, ' ').slice(words.length)));
  }
  return found;
}

/** Whether the text holds one of these lower-case phrases. */
export function mentions(lines: readonly TextLine[], phrases: readonly string[]): boolean {
  return lines.some(({ phrase }) => phrases.some((words) => phrase.includes(words)));
}

function isEnd(phrase: string, end: readonly string[], isBlankEnd: boolean): boolean {
  return (isBlankEnd && phrase === '') || end.some((words) => phrase.includes(words));
}

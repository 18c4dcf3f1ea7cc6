/** Markup that is safe to send: only `html` and `trustedHtml` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a hole of a template; what is absent or false leaves nothing. */
export type Hole = Html | string | number | undefined | null | false | readonly Hole[];

/**
 * Markup from a template literal: every hole is escaped, unless it is markup itself. Holes stand in text or in quoted
 * attributes, never in the names of tags or attributes.
 */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let markup = parts[0] ?? '';
  for (const [index, hole] of holes.entries()) markup += render(hole) + (parts[index + 1] ?? '');
  return new Html(markup);
}

/** Markup that was made safe elsewhere (a sanitiser's output, a constant picture). */
export function trustedHtml(markup: string): Html {
  return new Html(markup);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text as it stands in markup. What HTML and XML have no place for (control characters, halves of surrogate pairs)
 * becomes U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n])[\p{Cc}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function render(hole: Hole): string {
  if (hole instanceof Html) return hole.markup;
  if (hole === undefined || hole === null || hole === false) return '';
  if (typeof hole === 'string') return escapeHtml(hole);
  if (typeof hole === 'number') return String(hole);
  return hole.map(render).join('');
}

import { resolveReferences } from '../../message/html-references.ts';
import { type Html, html } from '../html.ts';
import { inlineText } from './inline.ts';

/**
 * What owners say about their list, in paragraphs. They write texts or, for Mailman 2.1, HTML, of which only the words are
 * shown.
 */
export function ownersText(info: string, { isObscured }: { readonly isObscured: boolean }): Html[] {
  const text = /<[a-z/!]/i.test(info) ? withoutTags(info) : info;
  return text
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p dir="auto">${inlineText(paragraph.trim(), { isObscured })}</p>\n`);
}

function withoutTags(info: string): string {
  return resolveReferences(
    info.replace(/<(?:p|br|\/p|\/li|\/h\d|\/div)\b[^<>]*>/gi, '\n\n').replace(/<[^<>]*>/g, ''),
  );
}

import { escapeHtml, type Html, trustedHtml } from '../html.ts';
import { obscureText } from './obscure.ts';

/** How texts of mails are shown. */
export interface TextStyle {
  /** Whether e-mail addresses are hidden from harvesters. */
  readonly isObscured: boolean;
}

/** A web address in a text, up to what can be no part of it; what is around it often ends with punctuation. */
const WEB_ADDRESS = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uff60]{3,2000}/gi;

/** Text of a mail in one line: escaped, with links that search engines do not follow. */
export function inlineText(text: string, { isObscured }: TextStyle): Html {
  return trustedHtml(inlineMarkup(text, isObscured));
}

/** The same as markup, for those who put many lines together. */
export function inlineMarkup(text: string, isObscured: boolean): string {
  const plain = isObscured ? (part: string) => escapeHtml(obscureText(part)) : escapeHtml;
  if (!text.includes('://')) return plain(text);
  let markup = '';
  let from = 0;
  for (const { 0: match, index } of text.matchAll(WEB_ADDRESS)) {
    const address = withoutPunctuation(match);
    // An address inside of a link would be found by harvesters as well.
    const shown = plain(address);
    const url = URL.parse(address);
    if (!url || (isObscured && shown !== escapeHtml(address))) continue;
    markup += plain(text.slice(from, index));
    markup += `<a href="${escapeHtml(url.href)}" rel="nofollow ugc noopener noreferrer">${shown}</a>`;
    from = index + address.length;
  }
  return markup + plain(text.slice(from));
}

/** Without a full stop at its end, or a bracket that was opened before the address. */
function withoutPunctuation(address: string): string {
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    if ('.,;:!?*_~…'.includes(last)) continue;
    const open = last === ')' ? '(' : last === ']' ? '[' : undefined;
    if (open === undefined || count(address, open, end) >= count(address, last, end)) break;
  }
  return address.slice(0, end);
}

function count(text: string, character: string, end: number): number {
  let found = 0;
  for (let index = 0; index < end; index += 1) if (text[index] === character) found += 1;
  return found;
}

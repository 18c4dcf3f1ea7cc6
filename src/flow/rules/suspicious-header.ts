import { decodeHeader } from '../../message/encoded-words.ts';
import { tryCompilePattern } from '../../model/pattern.ts';
import type { Rule } from '../post.ts';
import { quotable } from './quotable.ts';

export const suspiciousHeader: Rule = {
  name: 'suspicious-header',
  description: 'A header matches a line of bounce_matching_headers.',
  record: true,
  check: async ({ list, message: { headers } }) => {
    for (const { header, expression } of headerLines(list.settings.bounce_matching_headers)) {
      const pattern = tryCompilePattern(expression);
      const value = headers
        .getAll(header)
        .map((raw) => decodeHeader(raw))
        .find((text) => pattern?.test(text));
      if (value !== undefined) return [`Header "${quotable(value)}" matched a bounce_matching_header line`];
    }
    return null;
  },
};

/** `Header: regexp` lines; `#` begins a comment. */
function headerLines(text: string): { header: string; expression: string }[] {
  return text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    if (line.startsWith('#') || colon < 1) return [];
    return [{ header: line.slice(0, colon).trim(), expression: line.slice(colon + 1).trim() }];
  });
}

import { decodeHeader } from '../../message/encoded-words.ts';
import type { Part } from '../../message/part.ts';
import { walk } from '../../message/text.ts';
import { ANY_HEADER } from '../../model/header-match.ts';
import { tryCompilePattern } from '../../model/pattern.ts';
import type { Post, Rule } from '../post.ts';
import { quotable } from './quotable.ts';

/**
 * A rule for one header match: of the configuration or of a list.
 * @param name as it is recorded, such as `header-match-ant.example.com-0`
 */
export function headerMatchRule(name: string, header: string, expression: string): Rule {
  const pattern = tryCompilePattern(expression);
  return {
    name,
    description: `A header ${header} matches ${expression}.`,
    record: true,
    check: async (post) => {
      const value = pattern && headerValues(post, header).find((text) => pattern.test(text));
      if (value === undefined) return null;
      const line = header === ANY_HEADER ? value : `${header}: ${value}`;
      return [`Header "${quotable(line)}" matched a header rule`];
    },
  };
}

/** The decoded values of a header in all parts; whole `Name: value` lines of the message where any header may match. */
function headerValues({ message }: Post, header: string): string[] {
  if (header === ANY_HEADER)
    return message.root.headers.fields.map(({ name }) => name).flatMap((name) => lines(message.root, name));
  return [...walk(message)].flatMap((part) =>
    part.headers.getAll(header).map((value) => decodeHeader(value)),
  );
}

function lines(part: Part, name: string): string[] {
  return part.headers.getAll(name).map((value) => `${name}: ${decodeHeader(value)}`);
}

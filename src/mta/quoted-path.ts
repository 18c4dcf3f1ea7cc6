/** RFC 5321 4.1.2: a path whose local part is in quotes, in which almost anything may stand; what follows it is any text. */
const QUOTED_PATH = /^([^:]*:\s*<)"((?:[^\p{Cc}"\\]|\\[ -~])*)"(@[^<>@]*>.*)$/su;

/** What needs no quotes (RFC 5321 Dot-string, RFC 6531). */
const DOT_STRING = /^[^\s"(),:;<>@[\\\]\p{Cc}.]+(?:\.[^\s"(),:;<>@[\\\]\p{Cc}.]+)*$/u;

/** Stands in the place of a local part in quotes. */
const STAND_IN = 'quoted';

/**
 * Reads a command with a path, also one in quotes: parsers that split commands at blanks and addresses at `@` see a plain
 * word in its place. Quotes that are not needed mean nothing.
 * @param parse reads one without quotes; gives false where it is wrong
 */
export function parseQuotedPath<T extends { address: string }>(
  command: string,
  parse: (command: string) => T | false,
): T | false {
  const [, before = '', quoted, after = ''] = QUOTED_PATH.exec(command) ?? [];
  if (quoted === undefined) return parse(command);
  const parsed = parse(`${before}${STAND_IN}${after}`);
  if (!parsed) return false;
  const plain = quoted.replace(/\\(.)/g, '$1');
  const localPart = DOT_STRING.test(plain) ? plain : `"${quoted}"`;
  return { ...parsed, address: localPart + parsed.address.slice(STAND_IN.length) };
}

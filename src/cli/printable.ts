/**
 * Control characters, which a terminal would obey, and those that turn the reading direction: a display name may
 * hold any of them. Tabs stay.
 */
const UNPRINTABLE = /[^\P{Cc}\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** One line of text with what must not reach a terminal written as `\x1b` or `\u202e`. */
export function printable(line: string): string {
  return line.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}

/** A value as JSON for people and programs; what `printable` hides is escaped as JSON does it. */
export function printableJson(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value, null, 2));
}

/** The same on one line. */
export function jsonLine(value: unknown): string {
  return escapeUnprintable(JSON.stringify(value));
}

function escapeUnprintable(json: string): string {
  return json.replace(/[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A piece of somebody's input inside a message: cut where it is long. */
export function shorten(text: string, limit = 200): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

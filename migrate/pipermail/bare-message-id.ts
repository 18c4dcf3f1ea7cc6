/**
 * A Message-ID by which pages and messages are compared: without angle brackets, blanks, and what stands around them.
 * Undefined where nothing is left.
 */
export function bareMessageId(value: string): string | undefined {
  const open = value.indexOf('<');
  const close = value.indexOf('>', open + 1);
  const inner = open >= 0 && close > open ? value.slice(open + 1, close) : value;
  const bare = inner.replace(/[\s<>]+/g, '');
  return bare === '' ? undefined : bare;
}

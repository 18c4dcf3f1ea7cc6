/**
 * A Message-ID by which pages and messages are compared: without angle brackets, blanks, and what stands around them.
 * Undefined where nothing is left.
 */
export function bareMessageId(value: string): string | undefined {
  const open = value.indexOf('<') + 1;
  const close = value.indexOf('>', open);
  // Pipermail's databases have the first bracket cut off, and all behind the last.
  const inner = close > open ? value.slice(open, close) : value;
  const bare = inner.replace(/[\s<>]+/g, '');
  return bare === '' ? undefined : bare;
}

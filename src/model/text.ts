/**
 * A text as it can be stored and sent: what is no character (NUL, which PostgreSQL refuses, and halves of surrogate
 * pairs, which UTF-8 cannot express) becomes U+FFFD. JSON escapes them, so that settings keep them as they are.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

/** A text as one part of the path of a web address; `@` and `+` stay readable. */
export function pathPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%40', '@').replaceAll('%2B', '+');
}

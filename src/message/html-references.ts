/** The five character references that text in HTML cannot do without, as the characters they stand for. */
export function resolveReferences(text: string): string {
  return (
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&nbsp;', ' ')
      // Last: `&amp;lt;` is `&lt;`.
      .replaceAll('&amp;', '&')
  );
}

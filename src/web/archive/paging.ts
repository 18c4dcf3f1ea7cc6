import { type Html, html } from '../html.ts';
import type { Visit } from '../visit.ts';

/** The link to what follows, and back to the beginning. */
export function pager(
  { say, path, urls, query }: Pick<Visit, 'say' | 'path' | 'urls' | 'query'>,
  next: string | undefined,
): Html | undefined {
  const isFirst = !query.has('after');
  if (next === undefined && isFirst) return undefined;
  const address = urls.path(path);
  return html`<nav class="pager" aria-label="${say('page_navigation')}">
${isFirst ? html`<span></span>` : html`<a href="${address}">${say('page_first')}</a>`}
${next !== undefined && html`<a class="next" rel="next" href="${address}?after=${encodeURIComponent(next)}">${say('page_older')} →</a>`}
</nav>`;
}

import { type Hole, type Html, html } from './html.ts';
import { asset } from './static/index.ts';
import type { Visit } from './visit.ts';

/** What stands around the content of a page. */
export interface Frame {
  readonly title: string;
  readonly content: Html;
  /** The way to this page, beside the list of lists: text and path. */
  readonly trail?: readonly (readonly [text: string, path: string])[];
  /** Links that belong to the list or thread shown. */
  readonly nav?: Html | undefined;
  /** Whether search engines may keep the page; without it they may. */
  readonly isIndexed?: boolean;
  /** The one address of what is shown here, where it has several. */
  readonly canonical?: string | undefined;
  readonly feed?: { readonly title: string; readonly path: string } | undefined;
  /** What the search field of the head looks through. */
  readonly searchPath?: string;
  readonly description?: string | undefined;
}

/** A whole page. */
export function layout(visit: Pick<Visit, 'say' | 'urls' | 'viewer'>, frame: Frame): string {
  const { say, urls } = visit;
  const site = say('site_title');
  const title = frame.title === site ? site : `${frame.title} · ${site}`;
  return `<!doctype html>\n${
    html`<html lang="${say.language}">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${frame.isIndexed === false && html`<meta name="robots" content="noindex, nofollow">\n`}${
  frame.description && html`<meta name="description" content="${frame.description}">\n`
}<link rel="stylesheet" href="${urls.path(asset('style.css'))}">
<link rel="icon" href="${urls.path(asset('icon.svg'))}" type="image/svg+xml">
${frame.canonical && html`<link rel="canonical" href="${frame.canonical}">\n`}${
  frame.feed &&
  html`<link rel="alternate" type="application/atom+xml" title="${frame.feed.title}" href="${frame.feed.path}">\n`
}</head>
<body>
<a class="skip" href="#content">${say('skip_to_content')}</a>
${siteHeader(visit, frame)}
${frame.trail && breadcrumbs(visit, frame.trail)}
<main id="content" tabindex="-1">
${frame.content}
</main>
<footer class="site-footer">
<p>${say('footer_software', { name: 'Ferryman' })}</p>
</footer>
</body>
</html>`.markup
  }\n`;
}

function siteHeader({ say, urls, viewer }: Pick<Visit, 'say' | 'urls' | 'viewer'>, frame: Frame): Html {
  return html`<header class="site-header">
<div class="bar">
<a class="site-name" href="${urls.path('/archives/')}"><span class="mark" aria-hidden="true"></span>${say('site_title')}</a>
<form class="quick-search" role="search" aria-label="${say('nav_quick_search')}" action="${frame.searchPath ?? urls.path('/archives/search/')}">
<label class="hidden" for="quick-search">${say('nav_search')}</label>
<input id="quick-search" name="q" type="search" maxlength="500" placeholder="${say('nav_search')}">
<button type="submit">${say('nav_search')}</button>
</form>
<nav class="site-nav" aria-label="${say('nav_site')}">
<ul>
<li>${
    viewer
      ? html`<a href="${urls.path('/accounts/')}">${say('nav_account')}</a>`
      : html`<a href="${urls.path('/accounts/login/')}" rel="nofollow">${say('nav_sign_in')}</a>`
  }</li>
</ul>
</nav>
</div>
</header>`;
}

function breadcrumbs({ say, urls }: Pick<Visit, 'say' | 'urls'>, trail: NonNullable<Frame['trail']>): Hole {
  return html`<nav class="trail" aria-label="${say('nav_breadcrumb')}">
<ol>
<li><a href="${urls.path('/archives/')}">${say('nav_lists')}</a></li>
${trail.map(([text, path]) => html`<li><a href="${path}"><bdi>${text}</bdi></a></li>\n`)}</ol>
</nav>`;
}

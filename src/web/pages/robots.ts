import type { Page } from '../page.ts';

/** Pages that cost much or lead nowhere. */
const COSTLY = ['/accounts/', '/archives/search/', '/archives/list/*/search/', '/archives/list/*/export/'];

/** robots.txt (RFC 9309): where `[web] robots` is no, nothing is for crawlers. */
export const robots: Page = {
  path: '/robots.txt',
  get: ({ urls, services }) => ({
    type: 'text/plain; charset=utf-8',
    visibility: 'public',
    body: [
      'User-agent: *',
      ...(services.config.web.robots ? COSTLY : ['/']).map((path) => `Disallow: ${urls.path(path)}`),
      '',
    ].join('\n'),
  }),
};

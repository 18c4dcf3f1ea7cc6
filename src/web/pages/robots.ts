import type { Page } from '../page.ts';

/** robots.txt (RFC 9309): what costs much or leads nowhere is not for crawlers. */
export const robots: Page = {
  path: '/robots.txt',
  get: ({ urls }) => ({
    type: 'text/plain; charset=utf-8',
    visibility: 'public',
    body: [
      'User-agent: *',
      ...['/accounts/', '/archives/search/', '/archives/list/*/search/', '/archives/list/*/export/'].map(
        (path) => `Disallow: ${urls.path(path)}`,
      ),
      '',
    ].join('\n'),
  }),
};

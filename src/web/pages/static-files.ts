import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';
import { findAsset } from '../static/index.ts';

/** Stylesheet and pictures. */
export const staticFiles: Page = {
  path: '/static/:hash/:name',
  get: ({ params: { hash = '', name = '' } }) => {
    const found = findAsset(hash, name);
    if (!found) throw new NotFoundError();
    return { type: found.type, body: found.content, visibility: 'immutable' };
  },
};

import { createHash } from 'node:crypto';
import { partBytes, walk } from '../../message/text.ts';
import type { LoadedMessage } from '../archive/find-message.ts';
import { findMessage, loadMessage } from '../archive/find-message.ts';
import { visitList } from '../archive/list-visit.ts';
import { pictureType } from '../archive/pictures.ts';
import { frameDocument, sanitise } from '../archive/sanitise.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';
import { frameStyle } from '../static/frame-style.ts';

/** Octets of all pictures that come with the page. */
const MAX_PICTURES = 3_000_000;

const styleHash = createHash('sha256').update(frameStyle).digest('base64');

/** Nothing but text, our style, and pictures that are in the page itself; in an origin of its own. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** The HTML of a mail, made harmless, as the document of a frame. */
export const messageHtml: Page = {
  path: '/archives/list/:list/message/:hash/html/',
  get: async (plain) => {
    const visit = await visitList(plain);
    const loaded = await loadMessage(visit, await findMessage(visit));
    const { html: page } = loaded.read;
    if (page === undefined) throw new NotFoundError('error_message_not_found');
    const markup = sanitise(page, { isObscured: visit.isObscured, picture: picturesOf(loaded) });
    return {
      type: 'text/html; charset=utf-8',
      body: frameDocument(markup, visit.say.language, frameStyle),
      visibility: visit.visibility,
      headers: {
        'content-security-policy': POLICY,
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex',
      },
    };
  },
};

/** The pictures of the message as data: URLs: a frame of no origin could load nothing else of a private archive. */
function picturesOf({ read }: LoadedMessage): (contentId: string) => string | undefined {
  const ids = new Map(
    read.attachments.flatMap(({ contentId, part }) =>
      contentId === undefined ? [] : [[contentId, part] as const],
    ),
  );
  const parts = ids.size === 0 ? [] : [...walk(read.message)];
  const known = new Map<number, string>();
  let left = MAX_PICTURES;
  return (contentId) => {
    const place = ids.get(contentId);
    const part = place === undefined ? undefined : parts[place];
    if (place === undefined || !part) return undefined;
    const bytes = known.has(place) ? undefined : partBytes(part);
    const type = bytes && pictureType(bytes);
    if (bytes && type && bytes.length <= left) {
      left -= bytes.length;
      known.set(place, `data:${type};base64,${bytes.toString('base64')}`);
    }
    return known.get(place);
  };
}

import { partBytes, walk } from '../../message/text.ts';
import type { Answer } from '../answer.ts';
import { findMessage, loadMessage } from '../archive/find-message.ts';
import { visitList } from '../archive/list-visit.ts';
import { pictureType } from '../archive/pictures.ts';
import { asAttachment } from '../content-disposition.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';
import { SANDBOX_POLICY } from '../policy.ts';

/** Types that a browser may be told; all else is just octets, for saving. */
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'application/gzip',
  'application/json',
  'application/pdf',
  'application/pgp-signature',
  'application/zip',
  'audio/mpeg',
  'audio/ogg',
  'message/rfc822',
  'text/calendar',
  'text/csv',
  'text/plain',
  'text/x-diff',
  'text/x-patch',
  'video/mp4',
]);

/** A file that came with a message: always a download, whatever it calls itself; pictures can be shown from here. */
export const attachment: Page = {
  path: '/archives/list/:list/message/:hash/attachment/:part(^\\d{1,6}$)/:name',
  get: async (plain): Promise<Answer> => {
    const visit = await visitList(plain);
    const { read } = await loadMessage(visit, await findMessage(visit));
    const { params } = visit;
    // Links of HyperKitty count attachments, not parts; the name is the same.
    const listed =
      read.attachments.find(({ part, name }) => part === Number(params.part) && name === params.name) ??
      read.attachments.find(({ name }) => name === params.name);
    const part = listed && nth(walk(read.message), listed.part);
    if (!listed || !part) throw new NotFoundError();
    const body = part.message ? part.body : partBytes(part);
    const type =
      pictureType(body) ?? (KNOWN_TYPES.has(listed.type) ? listed.type : 'application/octet-stream');
    return {
      type,
      body,
      visibility: visit.visibility,
      headers: {
        'content-disposition': asAttachment(listed.name),
        'content-security-policy': SANDBOX_POLICY,
        'x-robots-tag': 'noindex',
      },
    };
  },
};

function nth<T>(items: Iterable<T>, place: number): T | undefined {
  let index = 0;
  for (const item of items) {
    if (index === place) return item;
    index += 1;
  }
  return undefined;
}

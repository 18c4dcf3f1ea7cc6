import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { timeZone } from '../../archiving/legacy/time-zone.ts';
import { parseVolumeName, volumeSpan } from '../../archiving/legacy/volumes.ts';
import type { MboxSelection } from '../../archiving/store/types.ts';
import type { Answer } from '../answer.ts';
import { findMessage } from '../archive/find-message.ts';
import { archivedList, type ListVisit, visitList } from '../archive/list-visit.ts';
import { asAttachment } from '../content-disposition.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page.ts';
import { SANDBOX_POLICY } from '../policy.ts';
import { obscureMail } from '../text/obscure.ts';

/**
 * An mbox of a list, of a month (`?month=2024-03`, or HyperKitty's `?start=2024-03-01&end=2024-04-01`), of one of
 * pipermail's volumes (`?volume=2024q1`) or of a thread (`?thread=HASH`), compressed as it is read, or as text: nothing of
 * it is kept in memory.
 */
export const exportMbox: Page = {
  path: '/archives/list/:list/export/:file',
  get: async (plain): Promise<Answer> => {
    const visit = await visitList(plain);
    const { file = '' } = visit.params;
    const isText = file.endsWith('.txt');
    if (!isText && !file.endsWith('.mbox.gz')) throw new NotFoundError();
    const mbox = visit.archive.mbox(await selectionOf(visit), 'quoted');
    const pieces = visit.isObscured ? obscureMail(mbox) : mbox;
    const { visibility } = visit;
    if (isText) {
      const headers = { 'content-security-policy': SANDBOX_POLICY, 'x-robots-tag': 'noindex' };
      return {
        type: 'text/plain; charset=utf-8',
        body: Readable.from(pieces, { highWaterMark: 1 }),
        visibility,
        headers,
      };
    }
    const zip = createGzip({ level: 6 });
    // A reader who goes away ends it; there is nobody left to tell.
    pipeline(pieces, zip, () => {});
    return {
      type: 'application/gzip',
      body: zip,
      visibility,
      headers: { 'content-disposition': asAttachment(file), 'x-robots-tag': 'noindex' },
    };
  },
};

/** What the old archive does not tell goes by the months of this one. */
const UTC = timeZone('UTC');

async function selectionOf(visit: ListVisit): Promise<MboxSelection> {
  const { query, params } = visit;
  const list = archivedList(visit).id;
  const hash = query.get('thread');
  if (hash !== null) {
    const { thread } = await findMessage({
      ...visit,
      params: { ...params, hash },
      query: new URLSearchParams(),
    });
    return { thread };
  }
  const volume = query.get('volume');
  if (volume !== null) {
    const parsed = parseVolumeName(volume);
    if (!parsed) throw new NotFoundError();
    return { list, volume, ...volumeSpan(parsed, UTC) };
  }
  const month = monthOf(query);
  return month ? { list, ...month } : { list };
}

function monthOf(query: URLSearchParams): { readonly year: number; readonly month: number } | undefined {
  const asked = query.get('month') ?? query.get('start');
  if (asked === null) return undefined;
  const [, year, month] = /^(\d{4})-(\d\d)(?:-01)?$/.exec(asked) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12) throw new NotFoundError();
  return { year: Number(year), month: Number(month) };
}

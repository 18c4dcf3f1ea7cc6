import { readOldUrl } from '../../archiving/legacy/old-url.ts';
import { type OldTarget, resolveOldPath } from '../../archiving/legacy/resolve.ts';
import { type Volume, volumeTitle } from '../../archiving/legacy/volumes.ts';
import type { OldFile } from '../../archiving/store/types.ts';
import { listIdsByName } from '../../database/list-names.ts';
import { findList } from '../../database/lists.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import { type Answer, htmlAnswer, redirect } from '../answer.ts';
import { asAttachment } from '../content-disposition.ts';
import { NotFoundError } from '../errors.ts';
import { html } from '../html.ts';
import { layout } from '../layout.ts';
import { SANDBOX_POLICY } from '../policy.ts';
import type { Visit } from '../visit.ts';
import { isPublic, type ListVisit, mayRead, readableList } from './list-visit.ts';
import { pictureType } from './pictures.ts';
import { messageUrl } from './thread-list.ts';
import { monthPath } from './times.ts';

/**
 * What Mailman 2.1 had at the address of this request, at its new place: redirected for good (301), or served where it
 * is a file that was taken over. Who may not read the archive learns nothing about it.
 */
export async function oldLinkAnswer(visit: Visit): Promise<Answer> {
  const { services, path } = visit;
  const old = services.config.legacy.urls ? readOldUrl(path) : undefined;
  const lists = old ? await listsWithArchive(visit, old.list) : [];
  const [list] = lists;
  if (!old || !list) throw new NotFoundError();
  if (lists.length > 1)
    return listChoice(visit, old.list, lists, (one) => visit.urls.path(renamed(path, one)));
  const archive = await visit.openArchive();
  const own = await readableList(visit, { list, archive, archived: await archive.list(list.listId) });
  if (old.target.kind === 'mbox') return moved(own, `export/${list.listName}.mbox.gz`);
  if (!own.archived) return moved(own, '');
  const rest = restOf(path);
  const target = await resolveOldPath(archive, own.archived.id, rest);
  if (!target) throw new NotFoundError('error_message_not_found');
  return answerFor(own, target, rest);
}

/** Lists of that name, or those that have the archives of such lists now. */
async function listsWithArchive(visit: Visit, name: string): Promise<MailingList[]> {
  const lists = await listsCalled(visit, name);
  const archive = await visit.openArchive();
  for (const { listId } of lists) if (await archive.list(listId)) return lists;
  const ids = name.includes('@') ? [await archive.presentName(name)] : await archive.presentNames(name);
  const moved = await listsNamed(
    visit,
    ids.filter((id) => id !== undefined),
  );
  return moved.length > 0 ? moved : lists;
}

/** Old addresses name no domain. @param name may be a whole posting address, which is what a choice leads to */
export async function listsCalled(visit: Visit, name: string): Promise<MailingList[]> {
  const { connection } = visit.services.database;
  const ids = name.includes('@') ? [name] : await listIdsByName(connection, name);
  return listsNamed(visit, ids);
}

async function listsNamed(visit: Visit, ids: readonly string[]): Promise<MailingList[]> {
  const { connection } = visit.services.database;
  const lists = await Promise.all(ids.map((id) => findList(connection, id)));
  const found = lists.flatMap((list) => list ?? []);
  // Only those that the reader may know of are offered.
  const open = found.filter((list) => list.settings.advertised || mayRead(visit, list));
  return found.length > 1 && open.length > 0 ? open : found;
}

function answerFor(visit: ListVisit, target: OldTarget, path: string): Answer {
  switch (target.kind) {
    case 'overview':
      return moved(visit, '');
    case 'message':
      return { ...redirect(messageUrl(target.message, visit), 301), visibility: visit.visibility };
    case 'index':
      return moved(visit, volumePath(target.volume));
    case 'text':
      return moved(visit, textPath(visit, target));
    case 'file':
      return fileAnswer(visit, target.file, path);
  }
}

function moved(visit: ListVisit, rest: string): Answer {
  return { ...redirect(visit.urls.list(visit.list, rest), 301), visibility: visit.visibility };
}

/** The page that shows the beginning of a volume; of a year all months. */
function volumePath({ frequency, year, month }: Volume): string {
  return frequency === 'yearly' ? `months/#y${year}` : monthPath(year, month);
}

/** The mails of a volume, under the name that it had. */
function textPath(
  { list }: ListVisit,
  { volume, isCompressed }: Extract<OldTarget, { kind: 'text' }>,
): string {
  const name = volumeTitle(volume);
  return `export/${list.listName}-${name}${isCompressed ? '.mbox.gz' : '.txt'}?volume=${name}`;
}

/** A file of the old archive: what a browser could run is a download. */
function fileAnswer({ visibility }: ListVisit, { type, content, modified }: OldFile, path: string): Answer {
  const picture = pictureType(content);
  const isText = /^text\/plain\b/i.test(type);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return {
    type: picture ?? (isText ? 'text/plain; charset=utf-8' : 'application/octet-stream'),
    body: content,
    visibility,
    modified,
    headers: {
      'content-security-policy': SANDBOX_POLICY,
      'x-robots-tag': 'noindex',
      ...(picture || isText ? {} : { 'content-disposition': asAttachment(name) }),
    },
  };
}

/** The same path with the whole posting address for the name of the list. */
function renamed(path: string, list: MailingList): string {
  const address = encodeURIComponent(postingAddress(list));
  return path.replace(/^((?:\/mailman\/private|\/pipermail)\/)[^/]+/, `$1${address}`);
}

/** A page that lets the reader choose among lists of one name. */
export function listChoice(
  visit: Visit,
  name: string,
  lists: readonly MailingList[],
  address: (list: MailingList) => string,
): Answer {
  const { say, viewer } = visit;
  const markup = layout(visit, {
    title: say('old_link_title'),
    isIndexed: false,
    content: html`<h1>${say('old_link_title')}</h1>
<p class="lead">${say('old_link_ambiguous', { name })}</p>
<ul class="plain">
${lists.map((list) => html`<li><a href="${address(list)}">${postingAddress(list)}</a>${!isPublic(list) && html` <span class="badge">${say('lists_private')}</span>`}</li>\n`)}</ul>`,
  });
  return htmlAnswer(markup, { status: 300, visibility: viewer ? 'private' : 'public' });
}

/** What stands behind the name of the list, decoded. */
function restOf(path: string): string {
  const rest = path.replace(/^\/(?:mailman\/private|pipermail)\/[^/]+\/?/, '');
  try {
    return decodeURIComponent(rest);
  } catch {
    throw new NotFoundError();
  }
}

import type { ArchiveReader } from '../../archiving/store/archive.ts';
import type { ArchivedList } from '../../archiving/store/types.ts';
import { findList } from '../../database/lists.ts';
import { likelyCharsets } from '../../flow/list-charset.ts';
import { languageChain } from '../../language/index.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { type Answer, htmlAnswer, type Visibility } from '../answer.ts';
import { ForbiddenError, ListMovedError, NotFoundError, SignInNeededError } from '../errors.ts';
import { type Html, html } from '../html.ts';
import { type Frame, layout } from '../layout.ts';
import { speakerFor } from '../texts/index.ts';
import { belongsTo } from '../viewer.ts';
import type { Visit } from '../visit.ts';

/** A request for a page of one list's archive, by somebody who may read it. */
export interface ListVisit extends Visit {
  readonly archive: ArchiveReader;
  readonly list: MailingList;
  /** The list's display name. */
  readonly title: string;
  /** What the archive has of the list; undefined where that is nothing. */
  readonly archived: ArchivedList | undefined;
  readonly visibility: Visibility;
  /** Whether e-mail addresses are hidden from this reader. */
  readonly isObscured: boolean;
  /** Whether search engines may keep the pages. */
  readonly isIndexed: boolean;
  /** For texts that do not say in which charset they are. */
  readonly charsets: readonly string[];
}

/**
 * Finds the list of `:list` (posting address or List-Id).
 * @throws ListMovedError where its archive has another name now
 * @throws NotFoundError, SignInNeededError and ForbiddenError where the archive is not for this reader
 */
export async function visitList(visit: Visit): Promise<ListVisit> {
  const { services, params } = visit;
  const { connection } = services.database;
  const list = await findList(connection, params.list ?? '');
  const archive = await visit.openArchive();
  const archived = list && (await archive.list(list.listId));
  if (!archived) {
    const present = await archive.presentName(list?.listId ?? params.list ?? '');
    const moved = present === undefined ? undefined : await findList(connection, present);
    if (moved) {
      // Who may not read it learns nothing of its name.
      await readableList(visit, { list: moved, archive, archived });
      throw new ListMovedError(moved);
    }
  }
  if (!list) throw new NotFoundError('error_list_not_found');
  return readableList(visit, { list, archive, archived });
}

/** The same for a list that is known. */
export async function readableList(
  visit: Visit,
  { list, archive, archived }: Pick<ListVisit, 'list' | 'archive' | 'archived'>,
): Promise<ListVisit> {
  const { services, viewer } = visit;
  if (!mayRead(visit, list)) {
    if (viewer) throw new ForbiddenError('error_members_only');
    throw new SignInNeededError(`The archive of ${list.listId} is private`);
  }
  const { preferred_language, obscure_addresses, display_name } = list.settings;
  const wanted = viewer?.user.preferences.preferred_language ?? preferred_language;
  return {
    ...visit,
    archive,
    list,
    title: display_name || list.listName,
    archived,
    visibility: viewer || !isPublic(list) ? 'private' : 'public',
    isObscured: obscure_addresses && !belongsTo(viewer, list),
    isIndexed: services.config.web.robots && isPublic(list) && list.settings.advertised,
    charsets: likelyCharsets(services.config, list),
    say: await speakerFor(languageChain(services.config, wanted, preferred_language)),
  };
}

/** A list that archives no more may have an old archive: that is for its members. */
export function isPublic({ settings }: MailingList): boolean {
  return settings.archive_policy === 'public';
}

/** Whether a visitor may read a list's archive. */
export function mayRead({ viewer }: Pick<Visit, 'viewer'>, list: MailingList): boolean {
  return isPublic(list) || belongsTo(viewer, list);
}

/** The archive's entry of the list. @throws NotFoundError where there is nothing in the archive */
export function archivedList({ archived }: ListVisit): ArchivedList {
  if (!archived) throw new NotFoundError('error_message_not_found');
  return archived;
}

/** A page of a list's archive: the list's name in its head, its feed, its robots. */
export function listPage(
  visit: ListVisit,
  { status, modified, ...frame }: Frame & Pick<Answer, 'status' | 'modified'>,
): Answer {
  const { urls, list, title } = visit;
  const markup = layout(visit, {
    trail: [[title, urls.list(list)]],
    searchPath: urls.list(list, 'search/'),
    feed: { title, path: urls.list(list, 'feed/') },
    ...frame,
    isIndexed: visit.isIndexed && frame.isIndexed !== false,
    title: frame.title === title ? title : `${frame.title} · ${title}`,
  });
  return htmlAnswer(markup, {
    ...(status === undefined ? {} : { status }),
    modified,
    visibility: visit.visibility,
  });
}

/** Links to the views of a list. */
export function listNav({ say, urls, list }: ListVisit, current: 'overview' | 'threads' | 'months'): Html {
  const entry = (key: typeof current, text: string, path: string): Html =>
    html`<li><a href="${urls.list(list, path)}"${key === current && html` aria-current="page"`}>${text}</a></li>\n`;
  return html`<nav class="list-nav" aria-label="${say('nav_list')}">
<ul>
${entry('overview', say('nav_overview'), '')}${entry('threads', say('nav_threads'), 'latest/')}${entry('months', say('nav_months'), 'months/')}</ul>
</nav>`;
}

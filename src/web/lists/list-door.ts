import { type Cutover, findCutover } from '../../database/cutover.ts';
import { handedOverAmong } from '../../database/handed-over.ts';
import { findList } from '../../database/lists.ts';
import { findMembers } from '../../database/members.ts';
import { languageChain } from '../../language/index.ts';
import { isMailman2InCharge } from '../../model/cutover.ts';
import { addressKey } from '../../model/email-address.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import { type Answer, htmlAnswer } from '../answer.ts';
import { NotFoundError } from '../errors.ts';
import { type Html, html } from '../html.ts';
import { type Frame, layout } from '../layout.ts';
import { speakerFor } from '../texts/index.ts';
import { pathPart } from '../urls.ts';
import type { Visit } from '../visit.ts';

/** A request for a page about a list itself: joining, options, moderation. Whoever knows its name may come to the door. */
export interface DoorVisit extends Visit {
  readonly list: MailingList;
  /** The list's display name. */
  readonly title: string;
  /** Whether members, settings and held posts are still Mailman 2's: nothing is changed here then. */
  readonly isMailman2s: boolean;
  readonly cutover: Cutover | undefined;
}

/** Finds the list of `:list` (posting address or List-Id), in any case. @throws NotFoundError */
export async function visitDoor(visit: Visit): Promise<DoorVisit> {
  const { services, params, viewer } = visit;
  const { connection } = services.database;
  const list = await findList(connection, (params.list ?? '').toLowerCase());
  if (!list) throw new NotFoundError('error_list_not_found');
  const cutover = await findCutover(connection, list.listId);
  const { preferred_language, display_name } = list.settings;
  const wanted = viewer?.user.preferences.preferred_language ?? preferred_language;
  return {
    ...visit,
    list,
    title: display_name || list.listName,
    isMailman2s: cutover !== undefined && isMailman2InCharge(cutover.stage),
    cutover,
    say: await speakerFor(languageChain(services.config, wanted, preferred_language)),
  };
}

/** The path of a page about a list, without the prefix of the site. @param rest behind the list's own path */
export function doorPath(list: Pick<MailingList, 'listName' | 'mailHost'>, rest = ''): string {
  return `/lists/${pathPart(`${list.listName}@${list.mailHost}`)}/${rest}`;
}

/** The memberships that the viewer has on a list, by address. */
export async function ownMemberships({
  viewer,
  list,
  services,
}: Pick<DoorVisit, 'viewer' | 'list' | 'services'>): Promise<Member[]> {
  if (!viewer) return [];
  const keys = viewer.addresses.map(addressKey);
  const found = await findMembers(services.database.connection, list.listId, 'member', keys);
  return [...found.values()].sort((a, b) => (a.email < b.email ? -1 : 1));
}

/** Whether a membership is managed here: Mailman 2 has handed the member over, or has nothing to say any more. */
export async function isManagedHere(visit: DoorVisit, { email }: Pick<Member, 'email'>): Promise<boolean> {
  const { isMailman2s, cutover, list, services } = visit;
  if (!isMailman2s) return true;
  if (cutover?.stage !== 'alongside') return false;
  return (await handedOverAmong(services.database.connection, list.listId, [email])).size > 0;
}

/** A page about a list, with the way back to it. Nobody keeps a copy: it may be about its reader. */
export function doorPage(visit: DoorVisit, { status, headers, ...frame }: DoorFrame): Answer {
  const { urls, list, title } = visit;
  const markup = layout(visit, {
    trail: [[title, urls.path(doorPath(list))]],
    searchPath: urls.list(list, 'search/'),
    isIndexed: false,
    ...frame,
    title: frame.title === title ? title : `${frame.title} · ${title}`,
  });
  return htmlAnswer(markup, {
    visibility: 'private',
    ...(status === undefined ? {} : { status }),
    ...(headers === undefined ? {} : { headers }),
  });
}

type DoorFrame = Frame & Pick<Answer, 'status' | 'headers'>;

/** A page that says one thing, and where to go from there. */
export function sayingPage(
  visit: DoorVisit,
  {
    title,
    lead,
    more,
    ...frame
  }: Pick<Frame, 'title'> &
    Pick<Answer, 'status'> & { readonly lead: string; readonly more?: Html | undefined },
): Answer {
  const { urls, list, say } = visit;
  return doorPage(visit, {
    title,
    ...frame,
    content: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${more}
<p><a href="${urls.path(doorPath(list))}">${say('door_back', { list: visit.title })}</a></p>`,
  });
}

/** Says that the list is still run by Mailman 2, and where its page there is. */
export function mailman2sNotice({ say, list }: DoorVisit): Html {
  const { web_page_url } = list.settings;
  const address = URL.canParse(web_page_url) ? `${web_page_url}listinfo/${list.listName}` : undefined;
  return html`<p class="note">${say('door_mailman2')}${
    address && /^https?:/.test(address) && html` <a href="${address}" rel="nofollow">${address}</a>`
  }</p>`;
}

/** 409: what somebody wants is Mailman 2's to do. */
export function mailman2sAnswer(visit: DoorVisit): Answer {
  return doorPage(visit, {
    title: visit.title,
    status: 409,
    content: html`<h1><bdi>${visit.title}</bdi></h1>
${mailman2sNotice(visit)}`,
  });
}

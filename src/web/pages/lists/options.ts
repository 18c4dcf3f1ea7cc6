import { changeMemberDetails } from '../../../membership/preferences.ts';
import { changeOptions } from '../../../membership/workflow/option-change.ts';
import type { MailingList } from '../../../model/mailing-list.ts';
import type { Member } from '../../../model/member.ts';
import type { Preferences } from '../../../model/preferences.ts';
import { runStep } from '../../../queue/enqueue.ts';
import { type Answer, redirect } from '../../answer.ts';
import { html } from '../../html.ts';
import { chosenMode } from '../../lists/digest-modes.ts';
import { offeredLanguages } from '../../lists/languages.ts';
import {
  type DoorVisit,
  doorPage,
  doorPath,
  isManagedHere,
  mailman2sAnswer,
  visitDoor,
} from '../../lists/list-door.ts';
import { optionSections } from '../../lists/option-sections.ts';
import { optionsDoor } from '../../lists/options-door.ts';
import { type OwnMembership, ownMembership, requireOwnMembership } from '../../lists/own-options.ts';
import type { Page } from '../../page.ts';

const BOXES = ['acknowledge_posts', 'receive_list_copy', 'receive_own_postings'] as const;

/** The options of a member: `options` of Mailman 2.1. Strangers get the ways to sign in, whoever they ask about. */
export const options: Page = {
  path: '/lists/:list/options/',
  get: async (plain) => {
    const visit = await visitDoor(plain);
    const own = await ownMembership(visit);
    if (!own) return optionsDoor(visit);
    if (!(await isManagedHere(visit, own.member))) return mailman2sAnswer(visit);
    return optionsPage(visit, own);
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const own = await requireOwnMembership(visit);
    const { services, list, form, urls } = visit;
    await runStep(services, async (step) => {
      const changed = await changeOptions(step, list, own.member, {
        preferences: wantedPreferences(visit, own),
      });
      const name = (form.get('name') ?? '').trim().slice(0, 200);
      await changeMemberDetails(step.connection, changed, { displayName: name, ...wantedTopics(list, form) });
    });
    const address = new URLSearchParams({ email: own.member.email, saved: '1' });
    return redirect(`${urls.path(doorPath(list, 'options/'))}?${address}`);
  },
};

function optionsPage(visit: DoorVisit, own: OwnMembership): Answer {
  const { say, title, query } = visit;
  return doorPage(visit, {
    title: say('options_title'),
    content: html`<h1>${say('options_heading', { list: title })}</h1>
<p class="lead">${say('options_for', { email: own.member.originalEmail })}</p>
${query.has('saved') && html`<p class="success" role="status">${say('options_saved')}</p>`}
${optionSections(visit, own)}`,
  });
}

/** What differs from what applies now; the rest goes on to follow the address and the account. */
function wantedPreferences(
  { form, list, say, services }: DoorVisit,
  { member, preferences: now }: OwnMembership,
): Partial<Preferences> {
  const wanted: { -readonly [K in keyof Preferences]?: Preferences[K] } = {};
  const isOn = form.get('delivery') !== 'off';
  if (isOn !== (now.delivery_status === 'enabled')) wanted.delivery_status = isOn ? 'enabled' : 'by_user';
  const mode = chosenMode(list, say, form.get('mode'));
  if (mode && mode !== now.delivery_mode) wanted.delivery_mode = mode;
  const language = form.get('language');
  const isOffered = offeredLanguages(services.config, list).some(([code]) => code === language);
  if (isOffered && language !== now.preferred_language) wanted.preferred_language = language;
  for (const name of BOXES) if (form.has(name) !== now[name]) wanted[name] = form.has(name);
  // Whom the roster hides: those who chose it for this list.
  const isHidden = member.preferences.hide_address === true;
  if (form.has('hide_address') !== isHidden) wanted.hide_address = !isHidden;
  return wanted;
}

/** No topic chosen means all posts, as in Mailman 2.1. */
function wantedTopics({ settings }: MailingList, form: URLSearchParams): Partial<Member> {
  if (!settings.topics_enabled || settings.topics.length === 0) return {};
  const names = settings.topics.map(({ name }) => name).filter((name) => form.getAll('topic').includes(name));
  return { topics: names.length === 0 ? null : names, receiveUnmatchedTopics: form.has('unmatched') };
}

import type { Member } from '../../model/member.ts';
import type { EffectivePreferences } from '../../model/preferences.ts';
import { type Html, html } from '../html.ts';
import { deliveryChoices } from './digest-modes.ts';
import { checkField, radioField, selectField } from './form-fields.ts';
import { offeredLanguages } from './languages.ts';
import { type DoorVisit, doorPath } from './list-door.ts';
import type { OwnMembership } from './own-options.ts';

/** All that a member can do: options, another address, a password, leaving. */
export function optionSections(visit: DoorVisit, own: OwnMembership): Html {
  const { say, urls } = visit;
  return html`${otherMemberships(visit, own)}
${optionForm(visit, own)}
<div class="choices">
${addressSection(visit, own.member)}
<section aria-labelledby="password">
<h2 id="password">${say('sign_in_password')}</h2>
<p>${say('options_password')}</p>
<p><a class="button second" href="${urls.path('/accounts/password/')}">${say('password_title')}</a></p>
</section>
${leaveSection(visit, own.member)}
</div>`;
}

function otherMemberships(
  { say, urls, list }: DoorVisit,
  { member, addresses }: OwnMembership,
): Html | false {
  const others = addresses.filter((address) => address !== member.originalEmail);
  const path = urls.path(doorPath(list, 'options/'));
  return (
    others.length > 0 &&
    html`<p>${say('options_other')} ${others.map((address) => html`<a href="${path}?${String(new URLSearchParams({ email: address }))}">${address}</a> `)}</p>`
  );
}

function optionForm(visit: DoorVisit, { member, preferences }: OwnMembership): Html {
  const { say, urls, list, services, formField } = visit;
  const path = doorPath(list, 'options/');
  const modes = deliveryChoices(list, say);
  const languages = offeredLanguages(services.config, list);
  return html`<form class="stacked" method="post" action="${urls.path(path)}">
${formField(path)}${memberField(member)}
${radioField(
  'delivery',
  say('option_delivery'),
  [
    ['on', say('option_delivery_on')],
    ['off', say('option_delivery_off')],
  ],
  preferences.delivery_status === 'enabled' ? 'on' : 'off',
)}
${disabledReason(visit, preferences)}
${modes.length > 1 && radioField('mode', say('join_mode'), modes, knownMode(preferences))}
<fieldset>
<legend>${say('option_posts')}</legend>
${checkField('receive_own_postings', say('option_own_posts'), preferences.receive_own_postings)}${checkField('acknowledge_posts', say('option_acknowledge'), preferences.acknowledge_posts)}${checkField('receive_list_copy', say('option_duplicates'), preferences.receive_list_copy)}${checkField('hide_address', say('option_hide'), member.preferences.hide_address === true)}</fieldset>
${topicFields(visit, member)}
<p><label for="name">${say('option_name')}</label>
<input id="name" name="name" maxlength="200" autocomplete="name" value="${member.displayName}"></p>
${languages.length > 1 && selectField('language', say('join_language'), languages, preferences.preferred_language)}
<p><button type="submit">${say('options_save')}</button></p>
</form>`;
}

function memberField({ email }: Member): Html {
  return html`<input type="hidden" name="member" value="${email}">`;
}

/** Why no mail comes, where it was not the member's own wish. */
function disabledReason({ say }: DoorVisit, { delivery_status }: EffectivePreferences): Html | false {
  if (delivery_status === 'by_bounces') return html`<p class="note">${say('option_off_by_bounces')}</p>`;
  if (delivery_status === 'by_moderator') return html`<p class="note">${say('option_off_by_owner')}</p>`;
  return false;
}

/** Mailman 3's summary digests are sent as MIME digests. */
function knownMode({ delivery_mode }: EffectivePreferences): string {
  return delivery_mode === 'summary_digests' ? 'mime_digests' : delivery_mode;
}

function topicFields({ say, list }: DoorVisit, { topics, receiveUnmatchedTopics }: Member): Html | false {
  const { topics_enabled, topics: known } = list.settings;
  if (!topics_enabled || known.length === 0) return false;
  return html`<fieldset>
<legend>${say('option_topics')}</legend>
<p class="help">${say('option_topics_help')}</p>
${known.map(({ name, description }) => checkField('topic', html`${name}${description && html` <span class="quiet">${description}</span>`}`, topics?.includes(name) === true, name))}${checkField('unmatched', say('option_unmatched'), receiveUnmatchedTopics)}</fieldset>`;
}

function addressSection({ say, urls, list, formField }: DoorVisit, member: Member): Html {
  const path = doorPath(list, 'options/address/');
  return html`<section aria-labelledby="address">
<h2 id="address">${say('address_title')}</h2>
<form method="post" action="${urls.path(path)}">
${formField(path)}${memberField(member)}
<p><label for="new-address">${say('address_new')}</label>
<input id="new-address" name="address" type="email" required maxlength="320" autocomplete="email"></p>
${checkField('everywhere', say('address_everywhere'), false)}
<p class="help">${say('address_help')}</p>
<p><button type="submit">${say('address_button')}</button></p>
</form>
</section>`;
}

function leaveSection({ say, urls, list, formField, title }: DoorVisit, member: Member): Html {
  const path = doorPath(list, 'options/leave/');
  return html`<section aria-labelledby="leave">
<h2 id="leave">${say('leave_title')}</h2>
<form method="post" action="${urls.path(path)}">
${formField(path)}${memberField(member)}
<p>${say('leave_help', { list: title })}</p>
<label class="check"><input type="checkbox" name="sure" value="1" required> ${say('leave_sure')}</label>
<p><button class="danger" type="submit">${say('leave_button')}</button></p>
</form>
</section>`;
}

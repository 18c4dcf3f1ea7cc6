import { type Html, html } from '../html.ts';
import { defaultMode, deliveryChoices } from './digest-modes.ts';
import { radioField, selectField } from './form-fields.ts';
import { offeredLanguages } from './languages.ts';
import { type DoorVisit, doorPath } from './list-door.ts';

/** What is filled in already. */
export interface JoinFields {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly mode?: string | undefined;
  readonly language?: string | undefined;
}

/** The form to join a list. */
export function joinForm(visit: DoorVisit, filled: JoinFields = {}, problem?: string): Html {
  const { say, urls, list, services, formField, viewer } = visit;
  const path = doorPath(list, 'subscribe/');
  const languages = offeredLanguages(services.config, list);
  const modes = deliveryChoices(list, say);
  return html`<form class="stacked" method="post" action="${urls.path(path)}">
${formField(path)}
${problem !== undefined && html`<p class="failure" id="join-problem" role="alert">${problem}</p>`}
<p><label for="join-email">${say('sign_in_email')}</label>
<input id="join-email" name="email" type="email" required maxlength="320" autocomplete="email" value="${filled.email ?? viewer?.addresses[0]}"${
    problem !== undefined && html` aria-describedby="join-problem" aria-invalid="true"`
  }></p>
<p><label for="join-name">${say('join_name')}</label>
<input id="join-name" name="name" maxlength="200" autocomplete="name" value="${filled.name ?? viewer?.user.displayName}"></p>
${modes.length > 1 && radioField('mode', say('join_mode'), modes, filled.mode ?? defaultMode(list))}
${languages.length > 1 && selectField('language', say('join_language'), languages, filled.language ?? list.settings.preferred_language)}
<p><button type="submit">${say('join_button')}</button></p>
</form>`;
}

/** What somebody has to expect of the list's policy. */
export function policyText({ say, list }: DoorVisit): string {
  const { subscription_policy } = list.settings;
  const isModerated = subscription_policy === 'moderate' || subscription_policy === 'confirm_then_moderate';
  return say(isModerated ? 'join_policy_moderated' : 'join_policy_open');
}

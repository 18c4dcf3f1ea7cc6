import { type Html, html } from '../html.ts';
import type { WebText } from '../texts/index.ts';
import type { Visit } from '../visit.ts';

const COMMANDS: readonly (readonly [what: WebText, command: (list: string) => string])[] = [
  ['settings_show', (list) => `mailman legacy config_list -o - ${list}`],
  ['settings_change', (list) => `mailman legacy config_list -i FILE ${list}`],
  ['settings_members', (list) => `mailman members ${list}`],
  ['settings_add', (list) => `mailman addmembers FILE ${list}`],
  ['settings_remove_members', (list) => `mailman delmembers -l ${list} -f FILE`],
  ['settings_password', (list) => `mailman legacy change_pw -l ${list}`],
  ['settings_create', (list) => `mailman create ${list}`],
  ['settings_remove', (list) => `mailman remove ${list}`],
];

/** What has taken the place of the pages on which Mailman 2.1 had its settings: commands, and the REST API for programs. */
export function settingsHelp({ say }: Pick<Visit, 'say'>, list: string): Html {
  return html`<dl class="commands">
${COMMANDS.map(([what, command]) => html`<dt>${say(what)}</dt><dd><code>${command(list)}</code></dd>\n`)}</dl>
<p>${say('settings_rest')}</p>`;
}

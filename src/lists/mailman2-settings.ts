import { isDeepStrictEqual } from 'node:util';
import { findCutover } from '../database/cutover.ts';
import type { Connection } from '../database/handle.ts';
import { Mailman2InChargeError } from '../membership/mailman2-in-charge.ts';
import { isMailman2InCharge } from '../model/cutover.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import type { ListSettings, SettingName } from '../model/settings/index.ts';
import type { Template } from '../model/template.ts';

/** Settings that Mailman 2.1 does not know: following it leaves them alone. */
export const OWN_SETTINGS: ReadonlySet<SettingName> = new Set([
  'archive_rendering_mode',
  'disabled_archivers',
  'owner_pipeline',
  'posting_pipeline',
]);

/** Texts for all languages that Mailman 2.1 has among the settings of a list. */
export const MAILMAN2_TEMPLATES: ReadonlySet<string> = new Set([
  'list:member:digest:footer',
  'list:member:digest:header',
  'list:member:regular:footer',
  'list:member:regular:header',
  'list:user:notice:goodbye',
  'list:user:notice:welcome',
]);

/** How many settings a message names. */
const SHOWN = 5;

/** The settings among some values that would be others than now, and that Mailman 2.1 knows. */
export function changedMailman2Settings(list: MailingList, values: Partial<ListSettings>): SettingName[] {
  return (Object.keys(values) as SettingName[]).filter(
    (name) => !OWN_SETTINGS.has(name) && !isDeepStrictEqual(values[name], list.settings[name]),
  );
}

/** Whether a text of a list is one that following Mailman 2.1 replaces. */
export function isMailman2Template({ name, language }: Pick<Template, 'name' | 'language'>): boolean {
  return language === '' && MAILMAN2_TEMPLATES.has(name);
}

/**
 * Refuses what following a Mailman 2 that has the list in charge would undo.
 * @param names what was to be changed, for people; none is no change
 * @throws Mailman2InChargeError
 */
export async function refuseSettingsWhereMailman2InCharge(
  connection: Connection,
  list: MailingList,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const cutover = await findCutover(connection, list.listId);
  if (!cutover || !isMailman2InCharge(cutover.stage)) return;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  throw new Mailman2InChargeError(
    `${postingAddress(list)} is in the stage ${cutover.stage}: Mailman 2 is in charge of its settings (${names.slice(0, SHOWN).join(', ')}${more}); change them there, ${placeOf(list, cutover.mailman2Name)}, and they are here within seconds`,
  );
}

/** Where its owners change a list of Mailman 2.1. */
function placeOf({ settings: { web_page_url } }: MailingList, name: string): string {
  const hasPage = URL.canParse(web_page_url) && /^https?:/.test(web_page_url);
  return hasPage ? `at ${web_page_url}admin/${name}` : 'in its pages or with its config_list';
}

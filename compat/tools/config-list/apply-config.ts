import { isDeepStrictEqual } from 'node:util';
import { exportList } from '../../../migrate/export21/index.ts';
import { readConfigPck } from '../../../migrate/import21/config-pck.ts';
import { convertConfig, type ImportPlan } from '../../../migrate/import21/convert.ts';
import type { PyDict } from '../../../migrate/pickle/values.ts';
import { deleteBans, insertBans } from '../../../src/database/bans.ts';
import type { Connection } from '../../../src/database/handle.ts';
import { replaceHeaderMatches } from '../../../src/database/header-matches.ts';
import { findList, updateList, updateSettings } from '../../../src/database/lists.ts';
import { deleteTemplate, putTemplate } from '../../../src/database/templates.ts';
import { refuseSettingsWhereMailman2InCharge } from '../../../src/lists/mailman2-settings.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { unsubscribe } from '../../../src/membership/unsubscribe.ts';
import { addressKey, type Mailbox } from '../../../src/model/email-address.ts';
import { type MailingList, postingAddress } from '../../../src/model/mailing-list.ts';
import type { SettingName } from '../../../src/model/settings/index.ts';
import type { Template } from '../../../src/model/template.ts';
import type { UtcTime } from '../../../src/model/time.ts';

/** The list as Mailman 2.1 would have it in config.pck now. */
export async function configOf(connection: Connection, list: MailingList, now: UtcTime): Promise<PyDict> {
  const { files } = await exportList(connection, list, now);
  return readConfigPck(files.get('config.pck') ?? Buffer.alloc(0), postingAddress(list));
}

/** What a dictionary means here. */
export function planOf(config: PyDict, list: MailingList, languages: ReadonlySet<string>): ImportPlan {
  return convertConfig(config, { list, charset: undefined, languages });
}

/** Carries out what is different in the second dictionary, and leaves everything else as it is. In a transaction. @throws Mailman2InChargeError */
export async function applyDifference(
  connection: Connection,
  list: MailingList,
  before: ImportPlan,
  after: ImportPlan,
): Promise<void> {
  const { listId } = list;
  await refuseSettingsWhereMailman2InCharge(connection, list, differing(before, after));
  const changes = Object.entries(after.settings).filter(
    ([name, value]) => !isDeepStrictEqual(value, (before.settings as Record<string, unknown>)[name]),
  );
  if (changes.length > 0) await updateSettings(connection, list, Object.fromEntries(changes));
  if (!isDeepStrictEqual(before.legacySettings, after.legacySettings)) {
    const current = (await findList(connection, listId)) ?? list;
    const kept = { ...current.legacySettings };
    for (const [name, value] of after.legacySettings)
      if (!isDeepStrictEqual(value, before.legacySettings.get(name))) kept[name] = value;
    await updateList(connection, { ...current, legacySettings: kept });
  }
  const [goneBans, newBans] = difference(before.bans, after.bans);
  await deleteBans(connection, listId, goneBans);
  await insertBans(
    connection,
    newBans.map((email) => ({ listId, email })),
  );
  if (!isDeepStrictEqual(before.headerMatches, after.headerMatches))
    await replaceHeaderMatches(connection, listId, after.headerMatches);
  await applyTemplates(connection, listId, before.templates, after.templates);
  await applyStaff(connection, list, before, after);
}

/** What would change, for people. */
function differing(before: ImportPlan, after: ImportPlan): string[] {
  const names = new Set([...Object.keys(before.settings), ...Object.keys(after.settings)]);
  const kept = new Set([...before.legacySettings.keys(), ...after.legacySettings.keys()]);
  const parts = { ban_list: 'bans', header_filter_rules: 'headerMatches', texts: 'templates' } as const;
  return [
    ...[...names].filter(
      (name) => !isDeepStrictEqual(before.settings[name as SettingName], after.settings[name as SettingName]),
    ),
    ...[...kept].filter(
      (name) => !isDeepStrictEqual(before.legacySettings.get(name), after.legacySettings.get(name)),
    ),
    ...Object.entries(parts).flatMap(([name, part]) =>
      isDeepStrictEqual(before[part], after[part]) ? [] : [name],
    ),
  ];
}

async function applyTemplates(
  connection: Connection,
  listId: string,
  before: readonly Template[],
  after: readonly Template[],
): Promise<void> {
  const context = { scope: 'list', listId } as const;
  const same = (one: Template, other: Template): boolean =>
    one.name === other.name && one.language === other.language;
  for (const template of before)
    if (!after.some((other) => same(template, other))) await deleteTemplate(connection, context, template);
  for (const template of after)
    if (!before.some((other) => isDeepStrictEqual(template, other)))
      await putTemplate(connection, context, template);
}

/** Owners and moderators. */
async function applyStaff(
  connection: Connection,
  list: MailingList,
  before: ImportPlan,
  after: ImportPlan,
): Promise<void> {
  const [old, wanted] = [staffOf(before), staffOf(after)];
  for (const role of ['owner', 'moderator'] as const) {
    const [gone, added] = difference(old[role], wanted[role]);
    await unsubscribe(connection, list, role, gone);
    const people = added.map((address): Mailbox => ({ address, displayName: '' }));
    await subscribe(connection, list, people, { role, verified: false });
  }
}

function staffOf(plan: ImportPlan): { readonly owner: string[]; readonly moderator: string[] } {
  const staff = { owner: [] as string[], moderator: [] as string[] };
  for (const { role, mailbox } of plan.members())
    if (role === 'owner' || role === 'moderator') staff[role].push(addressKey(mailbox.address));
  return staff;
}

function difference(before: readonly string[], after: readonly string[]): [gone: string[], added: string[]] {
  return [before.filter((one) => !after.includes(one)), after.filter((one) => !before.includes(one))];
}

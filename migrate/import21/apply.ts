import { isDeepStrictEqual } from 'node:util';
import { replaceAutoresponses } from '../../src/database/autoresponses.ts';
import { bansOf, deleteBans, insertBans } from '../../src/database/bans.ts';
import type { Connection } from '../../src/database/handle.ts';
import { headerMatchesOf, replaceHeaderMatches } from '../../src/database/header-matches.ts';
import { updateList } from '../../src/database/lists.ts';
import { putTemplate, templatesOf } from '../../src/database/templates.ts';
import type { HeaderMatch } from '../../src/model/header-match.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { changeSettings } from '../../src/model/settings/index.ts';
import type { ImportPlan } from './convert.ts';

/** Writes all of a plan but its members; names of what has another value now. */
export async function applyListSettings(
  connection: Connection,
  list: MailingList,
  plan: ImportPlan,
): Promise<readonly string[]> {
  const changed: string[] = [];
  const settings = changeSettings(list.settings, plan.settings);
  for (const [name, value] of Object.entries(plan.settings)) {
    if (!isDeepStrictEqual(list.settings[name as keyof typeof settings], value)) changed.push(name);
  }
  const updated: MailingList = { ...list, ...plan.counters, settings, legacySettings: plan.legacySettings };
  for (const name of Object.keys(plan.counters) as (keyof typeof plan.counters)[]) {
    if (list[name] !== updated[name]) changed.push(name);
  }
  await updateList(connection, updated);
  if (await applyBans(connection, list.listId, plan.bans)) changed.push('ban_list');
  if (await applyHeaderMatches(connection, list.listId, plan.headerMatches))
    changed.push('header_filter_rules');
  if (await applyTemplates(connection, list.listId, plan)) changed.push('templates');
  await replaceAutoresponses(connection, list.listId, plan.autoresponses);
  return changed.sort();
}

async function applyBans(
  connection: Connection,
  listId: string,
  wanted: readonly string[],
): Promise<boolean> {
  const present = (await bansOf(connection, listId)).map(({ email }) => email);
  const missing = wanted.filter((email) => !present.includes(email));
  const gone = present.filter((email) => !wanted.includes(email));
  await deleteBans(connection, listId, gone);
  await insertBans(
    connection,
    missing.map((email) => ({ listId, email })),
  );
  return missing.length + gone.length > 0;
}

async function applyHeaderMatches(
  connection: Connection,
  listId: string,
  wanted: readonly HeaderMatch[],
): Promise<boolean> {
  const present = await headerMatchesOf(connection, listId);
  if (isDeepStrictEqual(present, wanted)) return false;
  await replaceHeaderMatches(connection, listId, wanted);
  return true;
}

async function applyTemplates(connection: Connection, listId: string, plan: ImportPlan): Promise<boolean> {
  const context = { scope: 'list', listId } as const;
  const present = await templatesOf(connection, context);
  const fresh = plan.templates.filter(
    (template) => !present.some((other) => isDeepStrictEqual(other, template)),
  );
  for (const template of fresh) await putTemplate(connection, context, template);
  return fresh.length > 0;
}

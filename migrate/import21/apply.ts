import { isDeepStrictEqual } from 'node:util';
import { autoresponsesOf, replaceAutoresponses } from '../../src/database/autoresponses.ts';
import { bansOf, deleteBans, insertBans } from '../../src/database/bans.ts';
import type { Connection } from '../../src/database/handle.ts';
import { headerMatchesOf, replaceHeaderMatches } from '../../src/database/header-matches.ts';
import { updateList } from '../../src/database/lists.ts';
import { deleteTemplate, putTemplate, templatesOf } from '../../src/database/templates.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { changeSettings } from '../../src/model/settings/index.ts';
import type { Template } from '../../src/model/template.ts';
import type { ImportPlan } from './convert.ts';
import { comesFromListDir } from './list-dir.ts';
import { TEMPLATE_NAMES } from './templates.ts';

/**
 * Writes all of a plan but its members.
 * @param folderTemplates from the list's folder; undefined where there is none, and what it brought before stays
 * @returns names of what has another value now
 */
export async function applyListSettings(
  connection: Connection,
  list: MailingList,
  plan: ImportPlan,
  folderTemplates: readonly Template[] | undefined,
): Promise<readonly string[]> {
  const { listId } = list;
  const changed = await applySettings(connection, list, plan);
  if (await applyBans(connection, listId, plan.bans)) changed.push('ban_list');
  if (!isDeepStrictEqual(await headerMatchesOf(connection, listId), plan.headerMatches)) {
    await replaceHeaderMatches(connection, listId, plan.headerMatches);
    changed.push('header_filter_rules');
  }
  if (await applyTemplates(connection, listId, plan.templates, folderTemplates)) changed.push('templates');
  if (!isDeepStrictEqual(await autoresponsesOf(connection, listId), plan.autoresponses)) {
    await replaceAutoresponses(connection, listId, plan.autoresponses);
    changed.push('autoresponses');
  }
  return changed.sort();
}

async function applySettings(connection: Connection, list: MailingList, plan: ImportPlan): Promise<string[]> {
  const updated: MailingList = {
    ...list,
    ...plan.counters,
    settings: changeSettings(list.settings, plan.settings),
    legacySettings: Object.fromEntries(plan.legacySettings),
  };
  const changed = [
    ...differences(list.settings, updated.settings),
    ...differences(list, updated).filter((name) => name in plan.counters),
    ...(isDeepStrictEqual(list.legacySettings, asStored(updated.legacySettings)) ? [] : ['legacy_settings']),
  ];
  if (changed.length > 0) await updateList(connection, updated);
  return changed;
}

function differences(before: object, after: object): string[] {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(after)
    .filter(([name, value]) => !isDeepStrictEqual(old.get(name), value))
    .map(([name]) => name);
}

function asStored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function applyBans(
  connection: Connection,
  listId: string,
  wanted: readonly string[],
): Promise<boolean> {
  const present = new Set((await bansOf(connection, listId)).map(({ email }) => email));
  const missing = wanted.filter((email) => !present.has(email));
  const gone = [...present].filter((email) => !wanted.includes(email));
  await deleteBans(connection, listId, gone);
  await insertBans(
    connection,
    missing.map((email) => ({ listId, email })),
  );
  return missing.length + gone.length > 0;
}

/** Templates of other names and languages, which Mailman 2.1 does not know, stay. */
async function applyTemplates(
  connection: Connection,
  listId: string,
  fromConfig: readonly Template[],
  fromFolder: readonly Template[] | undefined,
): Promise<boolean> {
  const context = { scope: 'list', listId } as const;
  const wanted = [...fromConfig, ...(fromFolder ?? [])];
  const present = await templatesOf(connection, context);
  const fresh = wanted.filter((template) => !present.some((other) => isDeepStrictEqual(other, template)));
  const gone = present.filter(
    (template) =>
      (template.language === ''
        ? TEMPLATE_NAMES.has(template.name)
        : fromFolder && comesFromListDir(template)) &&
      !wanted.some(({ name, language }) => name === template.name && language === template.language),
  );
  for (const template of gone) await deleteTemplate(connection, context, template);
  for (const template of fresh) await putTemplate(connection, context, template);
  return fresh.length + gone.length > 0;
}

import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { applyListSettings } from '../../migrate/import21/apply.ts';
import { readConfigPck } from '../../migrate/import21/config-pck.ts';
import { convertConfig, type ImportPlan } from '../../migrate/import21/convert.ts';
import { PyBytes, PyDict } from '../../migrate/pickle/values.ts';
import { autoresponsesOf } from '../../src/database/autoresponses.ts';
import { lockList } from '../../src/database/lists.ts';
import { listIdOf, type MailingList, parsePostingAddress } from '../../src/model/mailing-list.ts';
import { type RecordedCase, recordedFile, recordedListAddress } from '../support/recorded-traffic.ts';
import type { Site } from './site.ts';

/**
 * Changes the settings of a list as its owner did before a case: through the import, which hears of these settings only.
 * @returns what changes them back
 */
export async function changeSettings(site: Site, recorded: RecordedCase): Promise<() => Promise<void>> {
  const { config_change, list } = recorded.case;
  if (!config_change) return async () => {};
  const path = `fixtures/mailman21/lists/${list}/config.pck`;
  const usual = readConfigPck(readFileSync(new URL(`../../${path}`, import.meta.url)), path);
  const changed = readConfigPck(recordedFile(recorded, 'config.pck'), recorded.name);
  const mixed = new PyDict(usual);
  for (const name of Object.keys(config_change)) {
    const key = PyBytes.utf8(name);
    mixed.set(key, changed.get(key) ?? null);
  }
  const [usualPlan, changedPlan] = [planOf(site, list, usual), planOf(site, list, mixed)];
  await apply(site, list, changedPlan, usualPlan);
  return () => apply(site, list, usualPlan, changedPlan);
}

function planOf({ services: { config } }: Site, name: string, dictionary: PyDict): ImportPlan {
  const list = parsePostingAddress(recordedListAddress(name));
  if (!list) throw new Error(`${name} is no list`);
  return convertConfig(dictionary, { list, charset: undefined, languages: new Set(config.languages.keys()) });
}

/** Applies the settings in which two plans differ; counters and what happened to members stay. */
async function apply({ services }: Site, name: string, to: ImportPlan, from: ImportPlan): Promise<void> {
  const settings = Object.fromEntries(
    Object.entries(to.settings).filter(
      ([key, value]) => !isDeepStrictEqual(value, (from.settings as Record<string, unknown>)[key]),
    ),
  );
  await services.database.transaction(async (connection) => {
    const list = await listNamed(name, (listId) => lockList(connection, listId));
    const plan: ImportPlan = {
      ...to,
      settings,
      counters: {},
      legacySettings: new Map(),
      autoresponses: await autoresponsesOf(connection, list.listId),
    };
    await applyListSettings(connection, list, plan, undefined);
  });
}

async function listNamed(
  name: string,
  find: (listId: string) => Promise<MailingList | undefined>,
): Promise<MailingList> {
  const address = parsePostingAddress(recordedListAddress(name));
  const list = address && (await find(listIdOf(address)));
  if (!list) throw new Error(`${name} is not there`);
  return list;
}

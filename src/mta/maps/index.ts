import type { Config } from '../../config/index.ts';
import { allCutovers, type Cutover } from '../../database/cutover.ts';
import { allDomains } from '../../database/domains.ts';
import type { Connection } from '../../database/handle.ts';
import { allListNames } from '../../database/lists.ts';
import type { Domain } from '../../model/domain.ts';
import type { ListName } from '../../model/mailing-list.ts';
import type { UtcTime } from '../../model/time.ts';
import { loopAddress } from '../recipient.ts';
import { syncListFolders } from './list-folders.ts';
import { arePostfixMapsCurrent, writePostfixMaps } from './postfix.ts';
import type { MappedDomain, MappedList } from './postfix-text.ts';

/** How maps are written. */
export interface WritingMaps {
  readonly folder?: string | undefined;
  readonly isWhole?: boolean;
}

/**
 * Tells the mail server which lists there are, in the way of `[mta] incoming`. To be called after every change of lists
 * or domains. Several processes may do so at the same moment: as each looks again after it has written, the last one
 * leaves what holds.
 * @param options.folder instead of `data_dir`
 * @param options.isWhole also those of Postfix's maps that say what they should
 * @throws PostmapError
 */
export async function writeMaps(
  config: Config,
  connection: Connection,
  now: UtcTime,
  { folder = config.paths.data_dir, isWhole = false }: WritingMaps = {},
): Promise<void> {
  let written: string | undefined;
  for (;;) {
    const lists = await allListNames(connection);
    const domains = await allDomains(connection);
    const cutovers = await allCutovers(connection);
    const current = JSON.stringify([
      lists,
      domains,
      [...cutovers.values()].map(({ listId, stage, isHandingOver }) => [listId, stage, isHandingOver]),
    ]);
    if (current === written) return;
    syncListFolders(lists, config.paths.list_data_dir);
    if (config.mta.incoming === 'postfix') {
      const time = now.slice(0, 19).replace('T', ' ');
      writePostfixMaps(config, mappedDomains(config, lists, domains, cutovers), folder, time, isWhole);
    }
    written = current;
  }
}

/**
 * Writes the maps where they do not say what they should: somebody was killed who had changed something, could not write
 * them, or has made a list on another host.
 * @returns whether those of Postfix were written
 * @throws PostmapError
 */
export async function mendMaps(config: Config, connection: Connection, now: UtcTime): Promise<boolean> {
  const lists = await allListNames(connection);
  syncListFolders(lists, config.paths.list_data_dir);
  if (config.mta.incoming !== 'postfix') return false;
  const mapped = mappedDomains(config, lists, await allDomains(connection), await allCutovers(connection));
  if (arePostfixMapsCurrent(config, mapped, config.paths.data_dir)) return false;
  await writeMaps(config, connection, now);
  return true;
}

/** The domains that have lists. */
function mappedDomains(
  { legacy }: Config,
  lists: readonly (ListName & { readonly listId: string; readonly isImported: boolean })[],
  domains: readonly Domain[],
  cutovers: ReadonlyMap<string, Cutover>,
): MappedDomain[] {
  const mapped = lists.map(({ listId, listName, mailHost, isImported }): MappedList => {
    const moving = cutovers.get(listId);
    return { listName, mailHost, isImported, ...(moving ? { moving } : {}) };
  });
  const byHost = Map.groupBy(mapped, ({ mailHost }) => mailHost);
  return domains.flatMap(({ mailHost, aliasDomain }) => {
    const own = byHost.get(mailHost);
    if (!own) return [];
    const lists = [...own, ...siteAddresses(mapped, legacy.site_list.toLowerCase(), mailHost)];
    return [{ mailHost, aliasDomain: aliasDomain || null, lists }];
  });
}

/** Those of the site list that Mailman 2.1 has at every domain (mailman21.md 3.1). */
const SITE_PURPOSES = ['', 'bounces', 'owner', 'request'];

/** The addresses of the site list of Mailman 2.1 at a domain that it is not a list of, and the one where loops end. */
function siteAddresses(mapped: readonly MappedList[], name: string, mailHost: string): MappedList[] {
  const siteLists = mapped.filter(({ listName, isImported }) => listName === name && isImported);
  const own = siteLists.find((one) => one.mailHost === mailHost);
  const siteList = own ?? (siteLists.length === 1 ? siteLists[0] : undefined);
  if (!siteList) return [];
  // Somebody may call a list so.
  const isLoopFree = !mapped.some((one) => one.mailHost === mailHost && one.listName === loopAddress(name));
  const further = own ? [] : SITE_PURPOSES;
  return [{ ...siteList, mailHost, purposes: isLoopFree ? [...further, 'loop'] : further }];
}

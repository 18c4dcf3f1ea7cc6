import type { Config } from '../../config/index.ts';
import { allDomains } from '../../database/domains.ts';
import type { Connection } from '../../database/handle.ts';
import { allLists } from '../../database/lists.ts';
import type { UtcTime } from '../../model/time.ts';
import { syncListFolders } from './list-folders.ts';
import { writePostfixMaps } from './postfix.ts';
import type { MappedDomain } from './postfix-text.ts';

/**
 * Tells the mail server which lists there are, in the way of `[mta] incoming`. To be called after every change of lists
 * or domains.
 * @param folder instead of `data_dir`
 * @throws PostmapError
 */
export async function writeMaps(
  config: Config,
  connection: Connection,
  now: UtcTime,
  folder: string = config.paths.data_dir,
): Promise<void> {
  const lists = await allLists(connection);
  syncListFolders(lists, config.paths.list_data_dir);
  if (config.mta.incoming !== 'postfix') return;
  const byHost = Map.groupBy(lists, ({ mailHost }) => mailHost);
  const domains = (await allDomains(connection)).flatMap(({ mailHost, aliasDomain }): MappedDomain[] => {
    const own = byHost.get(mailHost);
    return own ? [{ mailHost, aliasDomain: aliasDomain || null, lists: own }] : [];
  });
  writePostfixMaps(config, domains, folder, now.slice(0, 19).replace('T', ' '));
}

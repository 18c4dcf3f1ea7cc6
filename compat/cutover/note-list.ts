import { realpathSync } from 'node:fs';
import type { ListOutcome } from '../../migrate/site/run-list.ts';
import type { Site } from '../../migrate/site/site.ts';
import type { Config } from '../../src/config/index.ts';
import { insertCutover, noteImport } from '../../src/database/cutover.ts';
import { allDomains, updateDomain } from '../../src/database/domains.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import type { Domain } from '../../src/model/domain.ts';
import type { UtcTime } from '../../src/model/time.ts';

/**
 * Notes a list that has come over from the Mailman 2 that runs beside this server (`[cutover] mailman2_var_dir`): that one is
 * in charge of it until a step of the cutover says otherwise. A list of another site is not noted: it is led from here at
 * once. In the transaction that brings the list, for a server that finds one without the other would take its mail.
 * @param outcome of the import
 */
export async function noteMovingList(
  connection: Connection,
  config: Config,
  site: Site,
  outcome: ListOutcome,
  now: UtcTime,
): Promise<void> {
  if (!runsBeside(config, site)) return;
  const { cutover } = config;
  const list = await findList(connection, outcome.list);
  if (!list) return;
  await insertCutover(connection, {
    ...{ listId: list.listId, since: now, mailman2Name: outcome.name },
    mailman2Domain: cutover.mailman2_domain,
  });
  if (hasChanged(outcome)) await noteImport(connection, list.listId, now);
  await provideAliasDomain(connection, list.mailHost, cutover.alias_domain);
}

/** Whether a site is that of the Mailman 2 beside this server, by whichever path it is named. */
export function runsBeside({ cutover }: Config, site: Site): boolean {
  if (cutover.mailman2_var_dir === '') return false;
  try {
    return realpathSync(cutover.mailman2_var_dir) === realpathSync(site.path);
  } catch {
    return false;
  }
}

/** Each post changes these, and they are followed. */
const COUNTERS = new Set(['lastPostAt', 'postId']);

function hasChanged({ created, config, ...others }: ListOutcome): boolean {
  const changes = [
    ...(config ? [config.members] : []),
    ...[others.held_posts, others.held_subscriptions, others.held_unsubscriptions],
    ...[others.confirmations.changes, others.digest_posts],
  ];
  return (
    created ||
    config?.settings_changed.some((name) => !COUNTERS.has(name)) === true ||
    changes.some(({ added, updated, removed }) => added + updated + removed > 0)
  );
}

/** The first domain gets the alias domain itself; each further one gets its own name in front, for list names may be equal. */
async function provideAliasDomain(
  connection: Connection,
  mailHost: string,
  aliasDomain: string,
): Promise<void> {
  if (aliasDomain === '') return;
  const domains = await allDomains(connection);
  if (domains.find((domain) => domain.mailHost === mailHost)?.aliasDomain) return;
  const isTaken = (name: string): boolean => domains.some((domain) => isCalled(domain, name));
  const wanted = isTaken(aliasDomain) ? `${mailHost}.${aliasDomain}` : aliasDomain;
  if (!isTaken(wanted)) await updateDomain(connection, mailHost, { aliasDomain: wanted });
}

function isCalled({ mailHost, aliasDomain }: Domain, name: string): boolean {
  return mailHost === name || aliasDomain === name;
}

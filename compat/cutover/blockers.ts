import type { Site } from '../../migrate/site/site.ts';
import { type Cutover, findCutover } from '../../src/database/cutover.ts';
import { findList } from '../../src/database/lists.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Check, Checked } from './checks/check.ts';
import { readyForMail } from './checks/ready-for-mail.ts';
import { listIsReady } from './checks/ready-to-deliver.ts';

type Services = Checked['services'];

/**
 * What would make the next step of any list be refused, as far as it can be seen without doing anything: one text each. It is
 * the server that is looked at; one list stands for all.
 */
export async function serverBlockers(services: Services, listSpec: string): Promise<string[]> {
  const list = await findList(services.database.connection, listSpec);
  const cutover = list && (await findCutover(services.database.connection, list.listId));
  if (!list || !cutover || !isMailman2InCharge(cutover.stage)) return [];
  return problemsOf(readyForMail, { services, list, cutover, site: undefined, acceptsDifferences: false });
}

/** The same for what is about this list alone; nothing is in the way of one that Mailman 2 has left, or not yet shared. */
export async function listBlockers(
  services: Services,
  site: Site | undefined,
  list: MailingList,
  cutover: Cutover,
): Promise<string[]> {
  if (cutover.stage !== 'observe' && cutover.stage !== 'alongside') return [];
  return problemsOf(listIsReady, { services, list, cutover, site, acceptsDifferences: false });
}

async function problemsOf(checks: readonly Check[], checked: Checked): Promise<string[]> {
  const problems: string[] = [];
  for (const check of checks) {
    const problem = await check.run(checked);
    // Several may ask the same thing.
    if (problem !== undefined && !problems.includes(problem)) problems.push(problem);
  }
  return problems;
}

import { findCutover } from '../../src/database/cutover.ts';
import { findList } from '../../src/database/lists.ts';
import type { Services } from '../../src/flow/step.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { readyForMail } from './checks/ready-for-mail.ts';

/**
 * What would make the next step of a list be refused, as far as it can be seen without doing anything: one text each. Nothing is in
 * the way of a list that Mailman 2 has left.
 */
export async function blockersOf(
  services: Pick<Services, 'config' | 'database' | 'clock'>,
  listSpec: string,
): Promise<string[]> {
  const { connection } = services.database;
  const list = await findList(connection, listSpec);
  const cutover = list && (await findCutover(connection, list.listId));
  if (!list || !cutover || !isMailman2InCharge(cutover.stage)) return [];
  const problems: string[] = [];
  for (const check of readyForMail) {
    const problem = await check.run({ services, list, cutover });
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

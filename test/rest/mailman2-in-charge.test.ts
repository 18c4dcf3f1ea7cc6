import { expect, test } from 'vitest';
import { insertCutover, moveStage } from '../../src/database/cutover.ts';
import { insertHandedOver } from '../../src/database/handed-over.ts';
import { STAGES, type Stage } from '../../src/model/cutover.ts';
import { type Api, openApiWithList, refusal, vouched } from './api.ts';

const MEMBERS = '/3.1/members';
const LIST = 'ant.example.com';
const ANT = `/3.1/lists/${LIST}`;

/** A list with two members, anne being handed over, beside a Mailman 2. */
async function openMoving(stage: Stage) {
  const api = await openApiWithList();
  const join = (name: string) =>
    api.make(MEMBERS, { list_id: LIST, subscriber: `${name}@example.com`, ...vouched });
  const [anne, bart] = [await join('anne'), await join('bart')];
  const { connection } = api.database;
  const now = api.services.clock.now();
  await insertCutover(connection, {
    listId: LIST,
    since: now,
    mailman2Name: 'ant',
    mailman2Domain: 'localhost',
  });
  if (stage !== 'legacy') await moveStage(connection, LIST, { from: 'legacy', to: stage, now });
  if (stage === 'alongside') await insertHandedOver(connection, LIST, ['anne@example.com'], now);
  return { api, anne, bart };
}

/** What each change is answered with: of one who was handed over alongside, and of others. */
function changes({ call }: Api, anne: string, bart: string) {
  const cris = { list_id: LIST, subscriber: 'cris@example.com', ...vouched };
  return {
    others: [
      () => call('POST', MEMBERS, cris),
      () => call('POST', MEMBERS, { ...cris, role: 'owner' }),
      () => call('PATCH', bart, { display_name: 'Bart' }),
      () => call('PATCH', `${bart}/preferences`, { delivery_status: 'by_user' }),
      () => call('DELETE', bart),
      () => call('DELETE', `${ANT}/roster/member`, { emails: 'bart@example.com' }),
    ],
    own: [
      () => call('PATCH', anne, { display_name: 'Anne' }),
      () => call('PATCH', `${anne}/preferences`, { delivery_status: 'by_user' }),
      () => call('DELETE', anne),
    ],
  };
}

test.each(STAGES)('changes of members in the stage %s', async (stage) => {
  const { api, anne, bart } = await openMoving(stage);
  const isMailman2s = stage !== 'lead' && stage !== 'retired';
  const { others, own } = changes(api, anne, bart);
  const refused = refusal(
    409,
    `ant@example.com is in the stage ${stage}: Mailman 2 is in charge of its members; change them there, and it is here within seconds`,
  );
  for (const change of isMailman2s ? others : []) expect(await change()).toMatchObject(refused);
  for (const change of isMailman2s && stage !== 'alongside' ? own : [])
    expect(await change()).toMatchObject(refused);
  const done = stage === 'alongside' ? own : isMailman2s ? [] : [...others.slice(0, -1), ...own];
  for (const change of done) expect((await change()).status).toBeLessThan(300);
  const left = (await api.get(`${ANT}/roster/member`)) as { readonly total_size: number };
  expect(left.total_size).toBe(stage === 'alongside' ? 1 : isMailman2s ? 2 : 1);
});

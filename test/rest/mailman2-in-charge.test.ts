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

const ADMIN = 'http://lists.example.com/mailman/';

/** What changes settings that Mailman 2.1 knows, and what a message calls them. */
function settingChanges({ call }: Api): readonly (readonly [string, () => ReturnType<Api['call']>])[] {
  const header = { header: 'X-Spam', pattern: 'yes' };
  return [
    ['description', () => call('PATCH', `${ANT}/config`, { description: 'Another' })],
    ['description', () => call('PATCH', `${ANT}/config/description`, { description: 'Another' })],
    ['admin_password', () => call('PATCH', `${ANT}/config`, { admin_password: 'secret' })],
    ['ban_list', () => call('POST', `${ANT}/bans`, { email: 'bad@example.net' })],
    ['ban_list', () => call('DELETE', `${ANT}/bans/worse@example.net`)],
    ['header_filter_rules', () => call('POST', `${ANT}/header-matches`, header)],
    ['header_filter_rules', () => call('DELETE', `${ANT}/header-matches`)],
    ['header_filter_rules', () => call('PATCH', `${ANT}/header-matches/0`, { pattern: 'no' })],
    ['header_filter_rules', () => call('DELETE', `${ANT}/header-matches/0`)],
    ['list:member:regular:footer', () => call('PATCH', `${ANT}/uris`, footer('http://x.example/new'))],
    ['list:member:regular:footer', () => call('DELETE', `${ANT}/uris/list:member:regular:footer`)],
    ['list:member:regular:footer', () => call('DELETE', `${ANT}/uris`)],
    [
      'footer_uri',
      () => call('PATCH', `/3.0/lists/${LIST}/config`, { footer_uri: 'http://x.example/newer' }),
    ],
  ];
}

function footer(uri: string): Record<string, string> {
  return { 'list:member:regular:footer': uri };
}

/** The list with a ban, a header match and a text that were set while it was not yet Mailman 2's. */
async function openWithSettings(stage: Stage) {
  const { api } = await openMoving('lead');
  const { call, database } = api;
  await call('POST', `${ANT}/bans`, { email: 'worse@example.net' });
  await call('POST', `${ANT}/header-matches`, { header: 'X-Old', pattern: 'yes' });
  await call('PATCH', `${ANT}/uris`, footer('http://x.example/old'));
  await call('PATCH', `${ANT}/config`, { web_page_url: ADMIN });
  await database.connection('cutover').update({ stage });
  return api;
}

test.each(STAGES)('changes of settings in the stage %s', async (stage) => {
  const api = await openWithSettings(stage);
  const before = await api.get(`${ANT}/config`);
  for (const [name, change] of settingChanges(api)) {
    const answer = await change();
    if (stage === 'lead' || stage === 'retired') expect([200, 201, 202, 204, 404]).toContain(answer.status);
    else
      expect(answer).toMatchObject(
        refusal(
          409,
          `ant@example.com is in the stage ${stage}: Mailman 2 is in charge of its settings (${name}); change them there, at ${ADMIN}admin/ant, and they are here within seconds`,
        ),
      );
  }
  if (stage === 'lead' || stage === 'retired') return;
  expect(await api.get(`${ANT}/config`)).toEqual(before);
});

test('what Mailman 2 does not know, and what stays as it is, can be set all the time', async () => {
  const { call, ...api } = await openWithSettings('observe');
  const { description } = (await api.get(`${ANT}/config`)) as { readonly description: string };
  const fine = [
    await call('PATCH', `${ANT}/config`, { description, archive_rendering_mode: 'markdown' }),
    await call('PATCH', `${ANT}/archivers`, { prototype: 'no' }),
    await call('PATCH', `${ANT}/uris`, { 'list:admin:notice:subscribe': 'http://x.example/own' }),
    await call('PATCH', `${ANT}/uris`, footer('http://x.example/old')),
    await call('POST', '/3.1/bans', { email: 'bad@everywhere.example' }),
  ];
  for (const { status } of fine) expect(status).toBeLessThan(300);
});

test('nobody is removed here who is a member at Mailman 2', async () => {
  const { api } = await openMoving('alongside');
  const { call } = api;
  const refused = { status: 409 };
  expect(await call('DELETE', '/3.1/addresses/bart@example.com')).toMatchObject(refused);
  expect(await call('DELETE', '/3.1/users/bart@example.com')).toMatchObject(refused);
  expect((await call('DELETE', '/3.1/users/anne@example.com')).status).toBe(204);
});

test('digests are sent by Mailman 2 alone', async () => {
  const { api } = await openMoving('observe');
  expect(await api.call('POST', `${ANT}/digest`, { send: 'yes' })).toMatchObject(
    refusal(
      409,
      'ant@example.com is in the stage observe: Mailman 2 is in charge of its digests; it sends them',
    ),
  );
});

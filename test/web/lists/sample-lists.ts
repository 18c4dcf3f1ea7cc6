import { findAddress } from '../../../src/database/addresses.ts';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { insertAudit } from '../../../src/database/cutover-audit.ts';
import { insertHeldMessage } from '../../../src/database/held-messages.ts';
import { insertShadowPost } from '../../../src/database/shadow-posts.ts';
import { findUser, updateUser } from '../../../src/database/users.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { subscribeRequest } from '../../../src/membership/workflow/subscription.ts';
import { STAGES } from '../../../src/model/cutover.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import type { Site } from '../site.ts';

/** Somebody who is a member, an owner and the administrator. */
export const ANNE = { email: 'anne@people.example', password: 'anne anne anne' };

/** Every kind of page about lists, by name, on a site made by `fillLists`. */
export const listPages: Readonly<Record<string, string>> = {
  info: '/lists/ant@example.com/',
  info_bad: '/lists/ant@example.com/?email=somebody@people.example',
  door: '/lists/bee@example.com/options/?email=somebody@people.example',
  options: '/lists/ant@example.com/options/?saved=1',
  confirm: `/lists/ant@example.com/confirm/`,
  confirm_token: `/lists/ant@example.com/confirm/${'a1'.repeat(20)}/`,
  members: '/lists/ant@example.com/members/',
  settings: '/lists/ant@example.com/settings/',
  moderation: '/lists/ant@example.com/moderation/?done=2&gone=1',
  held: '/lists/ant@example.com/moderation/post/1/',
  moving: '/lists/cow@example.com/',
  cutover: '/cutover/?still=1',
  cutover_list: '/cutover/cow@example.com/',
  account: '/accounts/',
  password: '/accounts/password/',
  old_admin: '/mailman/admin',
  japanese: '/lists/ume@example.com/',
};

/** Lists with members, held posts, requests, and lists that move. */
export async function fillLists(site: Site): Promise<void> {
  const { services } = site;
  const { connection } = services.database;
  const now = services.clock.now();
  const ant = await site.makeList('ant@example.com', {
    display_name: 'Ant keepers',
    description: 'For everybody who keeps ants, or would like to',
    info: 'We talk about nests, food and the weather.\n\nNewcomers are welcome. Please read https://ants.example/rules first, and write in plain text.',
    subscription_policy: 'confirm_then_moderate',
    unsubscription_policy: 'confirm',
    member_roster_visibility: 'members',
    topics_enabled: true,
    topics: [
      { name: 'Food', patterns: 'food', description: 'What they eat, and when' },
      { name: 'Nests', patterns: 'nest', description: 'Building and repairing' },
    ],
  });
  const bee = await site.makeList('bee@example.com', { display_name: 'Beekeepers' });
  await site.makeList('ume@example.com', {
    display_name: '梅の会',
    description: '梅の木を育てる人の集まり',
    preferred_language: 'ja',
  });
  await site.join(ant, ANNE.email, ANNE.password);
  for (const name of ['bart', 'cleo', 'dirk', 'elly', 'fred', 'gina', 'hugo'])
    await site.join(ant, `${name}@people.example`);
  await site.join(bee, 'somebody@people.example');
  await services.database.transaction((transaction) =>
    subscribe(transaction, ant, [{ address: ANNE.email, displayName: 'Anne' }], {
      role: 'owner',
      verified: true,
    }),
  );
  const user = await findUser(connection, (await findAddress(connection, ANNE.email))?.userId ?? '');
  if (user) await updateUser(connection, { ...user, displayName: 'Anne Person', isServerOwner: true });
  for (const subject of [
    'Which sugar in winter?',
    'A very long subject that somebody thought would say everything that the mail itself says, and more',
    '',
  ])
    await insertHeldMessage(connection, {
      ...{
        listId: ant.listId,
        messageId: '<1@people.example>',
        sender: 'poster@people.example',
        subject,
        heldAt: now,
      },
      reasons: ['The message is not from a list member'],
      metadata: {},
      content: Buffer.from(
        `From: Paul Poster <poster@people.example>\nSubject: ${subject}\nDate: Mon, 04 Mar 2024 10:00:00 +0000\n\nHello all,\n\nwhich sugar do you give them when it gets cold?\n\n> I use brown sugar.\n\nPaul\n`,
      ),
    });
  for (const name of ['new', 'other'])
    await runStep(services, (step) =>
      subscribeRequest(
        step,
        { ...ant, settings: { ...ant.settings, subscription_policy: 'moderate' } },
        { mailbox: { address: `${name}@people.example`, displayName: 'New Person' } },
        { preVerified: true },
      ),
    );
  for (const [index, stage] of STAGES.entries()) {
    const name = ['cow', 'dog', 'elk', 'fox', 'gnu'][index] ?? '';
    const list = await site.makeList(`${name}@example.com`, {
      web_page_url: 'https://old.example.com/mailman/',
    });
    await site.join(list, 'bart@people.example');
    await insertCutover(connection, {
      listId: list.listId,
      since: now,
      mailman2Name: name,
      mailman2Domain: 'localhost',
    });
    await moveStage(connection, list.listId, { from: 'legacy', to: stage, now });
    await insertAudit(connection, {
      ...{ listId: list.listId, doneAt: now, who: 'root', action: 'observe', outcome: 'done' },
      details: { did: ['its posts come here as well; nothing is sent from here'] },
    });
    if (stage === 'observe' || stage === 'alongside')
      await insertShadowPost(connection, {
        ...{ listId: list.listId, messageId: '<1@people.example>', stage, receivedAt: now },
        ...{ decision: 'accept', content: Buffer.from('x') },
        outcome: {
          reasons: [],
          recipients: ['a@b.example'],
          delivered: [],
          notices: [],
          sender: '',
          subject: '',
        },
      });
  }
  await connection('pending').insert({
    ...{ token: 'a1'.repeat(20), list_id: ant.listId, kind: 'change_address', email: ANNE.email },
    data: JSON.stringify({ new_address: 'anne.person@elsewhere.example', everywhere: false }),
    ...{ created_at: now, expires_at: '2099-01-01T00:00:00.000000Z' },
  });
}

import { type FormValue, type Mailman3, startMailman3 } from '../peers/mailman3.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { DECISION, type Observation, type Side, seenMails } from './observation.ts';
import { archiverFile, lists, MAIL_HOST, members, owners, type PlannedMember, templates } from './plan.ts';

/** What precedes a traceback. */
const UNCAUGHT = /^Uncaught runner exception: /;

const ARCHIVER = '[archiver.mhonarc]\nenable: yes\n';

/** Debian's Mailman 3 with the lists of the plan. @throws MissingPeerError */
export async function openMailman3(): Promise<Side> {
  const sink = await startSmtpSink();
  const files = Object.fromEntries(
    Object.entries(templates).map(([path, text]) => [`templates/${path}`, text]),
  );
  const mailman = await startMailman3(sink.port, {
    config: (folder) => `${ARCHIVER}configuration: ${folder}/var/etc/mhonarc.cfg\n`,
    files: { ...files, 'etc/mhonarc.cfg': archiverFile },
  });
  await makeLists(mailman);
  let shunted = 0;
  mailman.newLogLines();
  return {
    version: mailman.version,
    lmtpPort: mailman.lmtpPort,
    outcome: async (list) => {
      await mailman.untilIdle();
      const lines = mailman.newLogLines();
      const before = shunted;
      shunted = mailman.queueLength('shunt');
      return {
        decisions: lines.filter((line) => DECISION.test(line)),
        held: await takeHeld(mailman, list),
        mails: seenMails(sink.mails.splice(0)),
        shunted: shunted > before ? lines.filter((line) => UNCAUGHT.test(line)) : [],
      };
    },
    close: async () => {
      await mailman.stop();
      await sink.stop();
    },
  };
}

async function makeLists({ rest }: Mailman3): Promise<void> {
  await rest('POST', '/domains', { mail_host: MAIL_HOST });
  for (const { name, settings } of lists) {
    const listId = `${name}.${MAIL_HOST}`;
    await rest('POST', '/lists', { fqdn_listname: `${name}@${MAIL_HOST}`, style_name: 'legacy-default' });
    await rest('PATCH', `/lists/${listId}/config`, settings as Record<string, FormValue>);
    // Where the runners do it for the first posts of a list, they may store its archivers twice; then each post is shunted.
    await rest('GET', `/lists/${listId}/archivers`);
    for (const member of members) await join(rest, listId, member);
    for (const owner of owners)
      await rest('POST', '/members', { list_id: listId, subscriber: owner, role: 'owner' });
  }
}

async function join(
  rest: Mailman3['rest'],
  listId: string,
  { address, displayName, preferences, moderationAction }: PlannedMember,
): Promise<void> {
  const vouched = { pre_verified: true, pre_confirmed: true, pre_approved: true };
  await rest('POST', '/members', {
    list_id: listId,
    subscriber: address,
    display_name: displayName,
    ...vouched,
  });
  const { entries = [] } = (await rest('POST', '/members/find', {
    list_id: listId,
    subscriber: address.toLowerCase(),
    role: 'member',
  })) as { entries?: { member_id: string }[] };
  const path = `/members/${entries[0]?.member_id}`;
  if (preferences) await rest('PATCH', `${path}/preferences`, preferences as Record<string, FormValue>);
  if (moderationAction) await rest('PATCH', path, { moderation_action: moderationAction });
}

/** What waits for the moderators of a list; it is discarded, since only one post of a Message-ID can be kept. */
async function takeHeld({ rest }: Mailman3, list: string): Promise<Observation['held']> {
  const path = `/lists/${list}.${MAIL_HOST}/held`;
  const { entries = [] } = (await rest('GET', path)) as {
    entries?: { request_id: number; reason: string; msg: string }[];
  };
  for (const { request_id } of entries) await rest('POST', `${path}/${request_id}`, { action: 'discard' });
  return entries.map(({ reason, msg }) => ({ reason, message: msg }));
}

import { processBounces } from '../../src/bounces/process-bounces.ts';
import { findList, updateSettings } from '../../src/database/lists.ts';
import { administrators } from '../../src/database/recipients.ts';
import { Message } from '../../src/message/message.ts';
import { addressForm, ListLookup } from '../../src/mta/list-lookup.ts';
import { receivedMessage } from '../../src/mta/reception.ts';
import { route } from '../../src/mta/recipient.ts';
import { runStep } from '../../src/queue/enqueue.ts';
import { type RecordedCase, recordedFile, recordedListAddress } from '../support/recorded-traffic.ts';
import { actions } from './actions.ts';
import { decisionOf, reasonOf } from './decision.ts';
import { follow } from './follow.ts';
import { isDigest, type Outcome, recipientsOf, type SentMail } from './outcome.ts';
import { changeSettings } from './owner.ts';
import { recordedOutcome } from './recorded-outcome.ts';
import { noteRequests } from './requests.ts';
import type { Site } from './site.ts';
import { changes, type ListState, listState } from './state.ts';
import { noteTokens, ownToken } from './tokens.ts';

/**
 * Lets one case happen, and then brings the site to where Mailman 2.1 has it. Call it for all of them, in their order.
 * @param prepare done when the site is as Mailman 2.1's was before the case
 */
export async function play(
  site: Site,
  recorded: RecordedCase,
  prepare: () => Promise<void> = async () => {},
): Promise<{ theirs: Outcome; ours: Outcome }> {
  const { list, time, number } = recorded.case;
  if (number !== 372) await dropRetries(site);
  site.setTime(time);
  const touched = touchedLists(site, recorded);
  const changeBack = await changeSettings(site, recorded);
  const before = await statesOf(site, touched);
  await setDigestSize(site, recorded);
  await prepare();
  site.forget();
  const isTaken = recorded.case.kind === 'tick' ? await act(site, recorded) : await deliver(site, recorded);
  await site.engine.drain();
  while (await runStep(site.services, processBounces));
  await site.engine.drain();
  const after = await statesOf(site, touched);
  await changeBack();
  await noteTokens(site, recorded);
  await noteRequests(site, recorded);
  const changed = changes(before, after, (name) => (name === list ? '' : `${name}: `));
  const [theirs, ours] = [recordedOutcome(recorded), await outcome(site, recorded, isTaken, changed)];
  await follow(site, recorded, theirs, ours, before);
  return { theirs, ours };
}

function touchedLists({ lists }: Site, { case: { list, state_diff } }: RecordedCase): string[] {
  return lists.filter((name) => name === list || name in state_diff);
}

async function statesOf({ services }: Site, names: readonly string[]): Promise<ListState[]> {
  const states: ListState[] = [];
  for (const name of names)
    states.push(await listState(services.database.connection, name, services.clock.now()));
  return states;
}

/** What waits for another try was taken out of Mailman's queues between the cases as well. */
async function dropRetries({ services }: Site): Promise<void> {
  await services.database.connection('queue_entry').delete();
}

/**
 * Whether a post makes the digest large enough depends on headers that each server adds, so the limit is far away but
 * in the cases where Mailman 2.1 had reached it.
 */
async function setDigestSize(
  { services }: Site,
  { case: { kind, list, state_diff } }: RecordedCase,
): Promise<void> {
  const isReached = kind !== 'tick' && state_diff[list]?.config?.digest_last_sent_at !== undefined;
  await services.database.transaction(async (connection) => {
    const found = await findList(connection, recordedListAddress(list));
    if (found) await updateSettings(connection, found, { digest_size_threshold: isReached ? 1 : 1_000_000 });
  });
}

async function act(site: Site, recorded: RecordedCase): Promise<boolean> {
  const action = actions.get(recorded.case.number);
  if (!action) throw new Error(`${recorded.name}: nobody has said what to do`);
  await action(site);
  return true;
}

/** As the LMTP server would do it. @returns whether there is such an address */
async function deliver(site: Site, recorded: RecordedCase): Promise<boolean> {
  const { database, config, clock } = site.services;
  const { address, envelope_from } = recorded.case;
  const bytes = recordedFile(recorded, 'in.eml').toString('latin1');
  const found = await new ListLookup(database.connection, addressForm(config)).find(ownToken(site, address));
  if (!found) return false;
  const { queue, metadata } = route(found.listId, found.reading, config.mailman.site_owner);
  const content = Buffer.from(ownToken(site, bytes), 'latin1');
  await site.engine.accept(queue, receivedMessage(content, envelope_from), {
    ...metadata,
    envelope_sender: envelope_from,
    received_time: clock.now(),
    original_size: content.length,
  });
  return true;
}

async function outcome(
  site: Site,
  recorded: RecordedCase,
  isTaken: boolean,
  changed: Pick<Outcome, 'members' | 'bounces' | 'counters'>,
): Promise<Outcome> {
  const mails = sentMails(site);
  const posts = mails.filter(isPost);
  const digests = mails.filter((mail) => !isPost(mail) && isDigest(mail.message));
  const notices = mails.filter((mail) => !isPost(mail) && !isDigest(mail.message));
  const shunted = await shuntedErrors(site);
  return {
    decision: decisionOf(site, recorded, isTaken, shunted),
    reason: reasonOf(site, shunted),
    posts,
    digests,
    notices,
    recipients: [...recipientsOf(posts), ...site.refused.map((address) => address.toLowerCase())].sort(),
    ...changed,
  };
}

/** One for each different content. */
function sentMails({ sink }: Site): SentMail[] {
  const found = new Map<string, SentMail>();
  for (const { sender, recipients, message } of sink.mails) {
    const content = unstuffed(message);
    const mail = found.get(content);
    found.set(content, {
      sender,
      recipients: [...(mail?.recipients ?? []), ...recipients],
      message: mail?.message ?? Message.parse(Buffer.from(content, 'latin1')),
    });
  }
  return [...found.values()];
}

/** RFC 5321 4.5.2 */
function unstuffed(data: Buffer): string {
  return data.toString('latin1').replace(/^\./gm, '');
}

/** What came from outside has been through reception and rules. */
function isPost({ message: { headers } }: SentMail): boolean {
  return ['Message-ID-Hash', 'X-Mailman-Rule-Misses', 'X-Mailman-Rule-Hits'].some((name) =>
    headers.has(name),
  );
}

async function shuntedErrors({ services }: Site): Promise<string[]> {
  return services.database.connection('queue_entry').where('queue', 'shunt').pluck('error');
}

/** Whom mail to the -owner address of a list goes to. */
export async function ownersOf({ services: { database } }: Site, name: string): Promise<string[]> {
  const list = await findList(database.connection, recordedListAddress(name));
  return list ? administrators(database.connection, list.listId) : [];
}

import { Message } from '../../src/message/message.ts';
import { type RecordedCase, recordedFile, recordedRecipients } from '../support/recorded-traffic.ts';
import { type Decision, isDigest, type Outcome, recipientsOf, type SentMail } from './outcome.ts';
import { recordedMemberChanges } from './recorded-members.ts';

/** What Mailman 2.1 made of a case. */
export function recordedOutcome(recorded: RecordedCase): Outcome {
  const mails = recordedMails(recorded);
  const notices = mails.filter(isNotice);
  const digests = mails.filter((mail) => !isNotice(mail) && isDigest(mail.message));
  const posts = mails.filter((mail) => !isNotice(mail) && !isDigest(mail.message));
  return {
    decision: recorded.case.decision as Decision,
    reason: recorded.case.reason ?? '',
    posts,
    digests,
    notices,
    recipients: [...recipientsOf(posts), ...onlyRefused(recorded)].sort(),
    counters: recordedCounters(recorded),
    ...recordedMemberChanges(recorded),
  };
}

/** One for each different content. */
function recordedMails(recorded: RecordedCase): SentMail[] {
  const files = new Map<string, string>();
  for (const { file, from } of recorded.case.outgoing) if (file !== null) files.set(file, from);
  return [...files].map(([file, sender]) => ({
    sender,
    recipients: recordedRecipients(recorded, file),
    message: Message.parse(recordedFile(recorded, file)),
  }));
}

function isNotice({ sender, message: { headers } }: SentMail): boolean {
  return headers.has('X-List-Administrivia') || sender.startsWith('mailman-loop@');
}

/** Those to whom nothing was sent, because the mail server wanted none of their transaction. */
function onlyRefused({ case: { outgoing } }: RecordedCase): string[] {
  return outgoing.flatMap(({ file, refused = {} }) => (file === null ? Object.keys(refused) : []));
}

function recordedCounters({ case: { state_diff } }: RecordedCase): string[] {
  return Object.entries(state_diff)
    .flatMap(([list, { config = {} }]) => {
      const found: string[] = [];
      const [before, after] = config.post_id ?? [];
      // The one list whose file was damaged shows as all new.
      const earlier = config.$load_error === undefined ? Number(before) : Number(after) - 1;
      if (typeof after === 'number') found.push(`${list} post ${after - earlier}`);
      if ('digest_last_sent_at' in config && config.$load_error === undefined)
        found.push(`${list} digest sent`);
      return found;
    })
    .sort();
}

import { memberNames } from '../../database/recipients.ts';
import { formatAddress, formatAddresses, parseAddresses } from '../../message/addresses.ts';
import { makeField } from '../../message/headers.ts';
import type { Message } from '../../message/message.ts';
import { newMessageId } from '../../message/message-id.ts';
import { addressKey, type Mailbox } from '../../model/email-address.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { wrap } from '../../templates/wrap.ts';
import { type Mitigation, mitigationFor } from '../dmarc/mitigation.ts';
import { wrapMessage } from '../dmarc/wrap.ts';
import { listCharset } from '../list-charset.ts';
import { eachOnce, mailboxesIn, withDomain } from '../mailboxes.ts';
import type { Handler, Post } from '../post.ts';

export const dmarc: Handler = {
  name: 'dmarc',
  description: "Puts the list into From where the author's domain does not allow others to send in its name.",
  process: async (post, step) => {
    const { list, metadata } = post;
    const mitigation = mitigationFor(post);
    const { dmarc_mitigate_action, dmarc_mitigate_unconditionally } = list.settings;
    if (dmarc_mitigate_unconditionally && /^(?:reject|discard)$/.test(dmarc_mitigate_action))
      step.log('error', `${list.listId}: DMARC action ${dmarc_mitigate_action} cannot apply to every post`);
    if (mitigation) await mitigate(post, step, mitigation);
    delete metadata.authored_headers;
  },
};

async function mitigate(post: Post, step: Step, mitigation: Mitigation): Promise<void> {
  const { list, message, metadata } = post;
  const named = mailboxesIn(message.headers, 'From');
  const authors = withDomain(named);
  const written = message.headers.getAll('From').join(', ');
  if (mitigation === 'wrap_message') {
    wrapMessage(message, {
      authored: metadata.authored_headers,
      text: wrap(list.settings.dmarc_wrapped_message_text),
      charset: listCharset(step.config, list),
      messageId: newMessageId(list.mailHost),
    });
  }
  const charset = listCharset(step.config, list);
  const from = {
    address: postingAddress(list),
    displayName: await viaName(authors[0] ?? named[0], post, step),
  };
  message.headers.delete('From');
  message.headers.appendField(makeField('From', formatAddress(from, charset), message.headers.lineEnd));
  keepAuthorsReachable(message, list, { authors, written }, charset);
}

/** `Name via List`: the name in From, else that of the member, else the address without its domain. */
async function viaName(author: Mailbox | undefined, { list }: Post, { connection }: Step): Promise<string> {
  const known =
    author && author.displayName === ''
      ? (await memberNames(connection, list.listId, addressKey(author.address))).find((name) => name !== '')
      : author?.displayName;
  const name = withoutDomain(known ?? author?.address ?? '');
  const via = `via ${list.settings.display_name}`;
  return name === '' ? via : `${name} ${via}`;
}

/** What looks like a domain at the end of a name would look as if the mail came from there. */
function withoutDomain(name: string): string {
  const at = name.lastIndexOf('@');
  const domain = name.slice(at + 1);
  return at >= 0 && domain.includes('.') && !/\s/.test(domain) ? `${name.slice(0, at)}---` : name;
}

/** Answers that went to From still reach the authors: by Reply-To, or by Cc where Reply-To is the list's. */
function keepAuthorsReachable(
  { headers }: Message,
  { settings }: MailingList,
  { authors, written }: { readonly authors: readonly Mailbox[]; readonly written: string },
  charset: string,
): void {
  const name = settings.reply_goes_to_list === 'no_munging' ? 'Reply-To' : 'Cc';
  const present = withDomain(mailboxesIn(headers, name));
  const all = eachOnce([...present, ...authors]);
  if (all.length === present.length) return;
  headers.delete(name);
  const isAsWritten = present.length === 0 && isWellFormed(written);
  headers.append(name, isAsWritten ? written : formatAddresses(all, charset));
}

/** Whether a header can be given to others as it is: without raw 8-bit text, routes, and names that stand for addresses. */
function isWellFormed(written: string): boolean {
  const mailboxes = parseAddresses(written);
  return (
    /^[\x20-\x7e]*$/.test(written) &&
    !written.includes('<@') &&
    withDomain(mailboxes).length === mailboxes.length
  );
}

import { parseAddresses } from '../message/addresses.ts';
import type { Headers } from '../message/headers.ts';
import { addressKey, isValidDomain, type Mailbox } from '../model/email-address.ts';

/** Headers that were parsed last: most rules look at the senders of the same message. */
const recent = new Map<string, readonly Mailbox[]>();
const MOST_RECENT = 50;
const LONGEST = 1000;

/** The mailboxes that all headers of these names hold, in order. */
export function mailboxesIn(headers: Headers, ...names: readonly string[]): Mailbox[] {
  return names.flatMap((name) => headers.getAll(name)).flatMap(parse);
}

function parse(value: string): readonly Mailbox[] {
  const known = recent.get(value);
  if (known) return known;
  const mailboxes = parseAddresses(value);
  if (value.length > LONGEST) return mailboxes;
  const [oldest] = recent.size >= MOST_RECENT ? recent.keys() : [];
  if (oldest !== undefined) recent.delete(oldest);
  recent.set(value, mailboxes);
  return mailboxes;
}

/** Without the mailboxes whose address came before. */
export function eachOnce(mailboxes: readonly Mailbox[]): Mailbox[] {
  const seen = new Map<string, Mailbox>();
  for (const mailbox of mailboxes) {
    const key = addressKey(mailbox.address);
    if (!seen.has(key)) seen.set(key, mailbox);
  }
  return [...seen.values()];
}

/** Those whose address has a domain. Of `Muster, Bert <bert@example.net>`, whose comma lacks quotes, the second. */
export function withDomain(mailboxes: readonly Mailbox[]): Mailbox[] {
  return mailboxes.filter(({ address }) => {
    const at = address.lastIndexOf('@');
    return at > 0 && isValidDomain(address.slice(at + 1));
  });
}

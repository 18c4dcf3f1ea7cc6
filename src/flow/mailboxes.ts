import { parseAddresses } from '../message/addresses.ts';
import type { Headers } from '../message/headers.ts';
import { addressKey, type Mailbox } from '../model/email-address.ts';

/** The mailboxes that all headers of these names hold, in order. */
export function mailboxesIn(headers: Headers, ...names: readonly string[]): Mailbox[] {
  return names.flatMap((name) => headers.getAll(name)).flatMap((value) => parseAddresses(value));
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

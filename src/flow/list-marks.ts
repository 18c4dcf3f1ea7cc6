import type { Headers } from '../message/headers.ts';
import { addressKey, domainKey } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';

/** What is longer is no address: nothing has to be found out about it. */
const LONGEST = 500;

/** Whether an `X-BeenThere` of a message names the list, as Mailman 2.1 marks its posts. */
export function hasBeenThere(list: MailingList, headers: Headers): boolean {
  return headers.getAll('X-BeenThere').some((value) => isAddressOf(list, value.trim()));
}

/** Whether a `List-Id` of a message (RFC 2919) is that of the list. */
export function hasListId(list: MailingList, headers: Headers): boolean {
  return headers
    .getAll('List-Id')
    .map(bareListId)
    .some((id) => id.length <= LONGEST && domainKey(id) === list.listId);
}

/** Whether a `List-Post` of a message (RFC 2369: `<mailto:a@x>, <https://…>`) names the list; old servers write the address alone. */
export function hasListPost(list: MailingList, headers: Headers): boolean {
  return headers
    .getAll('List-Post')
    .flatMap((value) => value.split(','))
    .some((part) => isAddressOf(list, mailtoAddress(part)));
}

function isAddressOf(list: MailingList, text: string): boolean {
  return text.length <= LONGEST && addressKey(text) === postingAddress(list);
}

function mailtoAddress(part: string): string {
  const bare = part.trim().replace(/^</, '').replace(/>$/, '');
  const [address = ''] = bare.replace(/^mailto:/i, '').split('?', 1);
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** An optional phrase, then `<list-id>`. */
function bareListId(value: string): string {
  const open = value.lastIndexOf('<');
  const close = value.indexOf('>', open);
  return (open >= 0 && close > open ? value.slice(open + 1, close) : value).trim();
}

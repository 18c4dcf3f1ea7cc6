import { listIdOf, postingAddress } from '../../model/mailing-list.ts';
import type { Rule } from '../post.ts';

/** Mailman 3 compares List-Post with the bare address and so never sees its own `<mailto:…>`; this looks at what every list server leaves. */
export const loop: Rule = {
  name: 'loop',
  description: 'The message has been on this list before.',
  record: true,
  check: async ({ list, message: { headers } }) => {
    const address = postingAddress(list).toLowerCase();
    const wasHere =
      headers.getAll('X-BeenThere').some((value) => value.toLowerCase() === address) ||
      headers.getAll('List-Post').some((value) => mailtoAddresses(value).includes(address)) ||
      headers.getAll('List-Id').some((value) => bareListId(value) === listIdOf(list));
    return wasHere ? ['Message has already been posted to this list'] : null;
  },
};

/** RFC 2369: `<mailto:a@x>, <https://…>`; old servers write the address alone. */
function mailtoAddresses(value: string): string[] {
  return value.split(',').map((part) => {
    const bare = part.trim().replace(/^</, '').replace(/>$/, '');
    const [address = ''] = bare.replace(/^mailto:/i, '').split('?', 1);
    return decodeAddress(address).toLowerCase();
  });
}

function decodeAddress(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** RFC 2919: an optional phrase, then `<list-id>`. */
function bareListId(value: string): string {
  const open = value.lastIndexOf('<');
  const close = value.indexOf('>', open);
  return (open >= 0 && close > open ? value.slice(open + 1, close) : value).trim().toLowerCase();
}

import { hasBeenThere, hasListId, hasListPost } from '../list-marks.ts';
import type { Rule } from '../post.ts';

/** Mailman 3 compares List-Post with the bare address and so never sees its own `<mailto:…>`; this looks at what every list server leaves. */
export const loop: Rule = {
  name: 'loop',
  description: 'The message has been on this list before.',
  record: true,
  check: async ({ list, message: { headers } }) =>
    hasBeenThere(list, headers) || hasListPost(list, headers) || hasListId(list, headers)
      ? ['Message has already been posted to this list']
      : null,
};

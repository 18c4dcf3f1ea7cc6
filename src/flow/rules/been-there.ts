import { hasBeenThere } from '../list-marks.ts';
import type { Rule } from '../post.ts';

/** Mailman 2.1 looks at nothing else; see `loop` for what Mailman 3 looks at. */
export const beenThere: Rule = {
  name: 'been-there',
  description: 'The message has the mark that this list leaves on its posts.',
  record: true,
  check: async ({ list, message: { headers } }) =>
    hasBeenThere(list, headers) ? ['Message has already been posted to this list'] : null,
};

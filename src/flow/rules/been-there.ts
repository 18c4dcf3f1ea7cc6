import { postingAddress } from '../../model/mailing-list.ts';
import type { Rule } from '../post.ts';

/** Mailman 2.1 looks at nothing else; see `loop` for what Mailman 3 looks at. */
export const beenThere: Rule = {
  name: 'been-there',
  description: 'The message has the mark that this list leaves on its posts.',
  record: true,
  check: async ({ list, message: { headers } }) => {
    const address = postingAddress(list).toLowerCase();
    const wasHere = headers.getAll('X-BeenThere').some((value) => value.trim().toLowerCase() === address);
    return wasHere ? ['Message has already been posted to this list'] : null;
  },
};

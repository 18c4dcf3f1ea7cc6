import { verifiesListPassword } from '../../moderation/list-passwords.ts';
import { removeApprovedLine } from '../approved.ts';
import type { Rule } from '../post.ts';

const HEADERS = ['Approve', 'Approved', 'X-Approve', 'X-Approved'];

export const approved: Rule = {
  name: 'approved',
  description: "The message carries the list's moderator password.",
  record: true,
  check: async ({ list, message, metadata }, { connection }) => {
    const { admin_password, moderator_password, poster_password } = list.settings;
    if ([admin_password, moderator_password, poster_password].every((password) => password === null))
      return null;
    // The first of each: whoever fills a header with guesses shall not keep the server busy.
    const given = HEADERS.flatMap((name) => message.headers.getAll(name).slice(0, 1));
    for (const name of HEADERS) message.headers.delete(name);
    const inText = removeApprovedLine(message);
    const candidates = inText === undefined ? given : [...given, inText];
    for (const candidate of candidates) {
      if (await verifiesListPassword(connection, list, candidate.trim(), ['admin', 'moderator', 'poster'])) {
        metadata.approved = true;
        return [];
      }
    }
    return null;
  },
};

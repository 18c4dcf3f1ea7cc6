import { requestDigest } from '../../digests/request.ts';
import { accepted, okay, okayAsIs } from '../answer.ts';
import { bool } from '../converters.ts';
import { badRequest } from '../errors.ts';
import { parentList } from '../lookup.ts';
import { optional } from '../parameters.ts';
import { operation, type Route, route } from '../route.ts';

/** `/lists/{list}/digest` */
export const digestRoutes: readonly Route[] = [
  route('/lists/:list/digest', {
    GET: operation({
      summary: 'The number of the next digest.',
      run: async (call) => {
        const { nextDigestNumber, volume } = await parentList(call);
        return okay({ next_digest_number: nextDigestNumber, volume });
      },
    }),
    POST: operation({
      summary: 'Changes the number of the next digest, or sends what is collected.',
      parameters: {
        send: optional(bool, 'Send what is collected.'),
        bump: optional(bool, 'Change the number first.'),
        periodic: optional(bool, 'Send if the list sends digests periodically.'),
      },
      run: async (call, read) => {
        const { listId } = await parentList(call);
        const { send, bump, periodic } = read();
        if (send && periodic) throw badRequest('send and periodic options are mutually exclusive');
        if (!send && !bump && !periodic) return okayAsIs();
        await requestDigest(call.step, listId, { send, bump, periodic });
        return accepted();
      },
    }),
  }),
];

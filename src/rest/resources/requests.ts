import { decideRequest, type RequestDecision } from '../../membership/workflow/moderate.ts';
import { RequestRefused } from '../../membership/workflow/refusal.ts';
import {
  findRequest,
  type MembershipRequest,
  membershipRequests,
  requestKinds,
  tokenOwners,
} from '../../membership/workflow/requests.ts';
import { actions } from '../../model/enums.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { parseUtc } from '../../model/time.ts';
import { noContent, okay, okayAsIs } from '../answer.ts';
import { oneOf, text } from '../converters.ts';
import { badRequest, conflict, notFound } from '../errors.ts';
import { parentList, part } from '../lookup.ts';
import { collection, pageOf, pageParameters, slice } from '../paging.ts';
import { optional, required, type ValuesOf } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import { Moment, type Resource } from '../values.ts';

const filters = {
  token_owner: optional(oneOf(tokenOwners), 'Only those that wait for this one.'),
  request_type: optional(oneOf(requestKinds), 'Default subscription.'),
} as const;

function resource(request: MembershipRequest): Resource {
  const second = parseUtc(request.when.slice(0, 19)) ?? request.when;
  return {
    token: request.token,
    type: request.kind,
    list_id: request.listId,
    email: request.email,
    display_name: request.mailbox.displayName,
    when: new Moment(second),
    token_owner: request.tokenOwner,
  };
}

async function waiting(
  { connection, step }: Call,
  { listId }: MailingList,
  wanted: ValuesOf<typeof filters>,
): Promise<MembershipRequest[]> {
  // No request that waits is without an owner.
  if (wanted.token_owner === 'no_one') return [];
  const filter = { kind: wanted.request_type ?? 'subscription', tokenOwner: wanted.token_owner } as const;
  return membershipRequests(connection, listId, filter, step.clock.now());
}

/** @throws RestError 404 */
async function theRequest(call: Call, list: MailingList): Promise<MembershipRequest> {
  const request = await findRequest(call.connection, part(call, 'token'), call.step.clock.now());
  if (request?.listId !== list.listId) throw notFound();
  return request;
}

function decisionOf(action: (typeof actions)[number], reason: string | undefined): RequestDecision {
  switch (action) {
    case 'accept':
    case 'discard':
      return { kind: action };
    case 'reject':
      return { kind: 'reject', reason: reason ?? '' };
    default:
      return { kind: 'defer' };
  }
}

/** `/lists/{list}/requests` */
export const requestRoutes: readonly Route[] = [
  route('/lists/:list/requests', {
    GET: operation({
      summary: 'Requests to join or to leave that wait.',
      parameters: { ...filters, ...pageParameters },
      run: async (call, read) => {
        const list = await parentList(call);
        const wanted = read();
        const page = pageOf(wanted);
        const requests = await waiting(call, list, wanted);
        return okayAsIs(collection(page, requests.length, slice(requests, page).map(resource)));
      },
    }),
  }),
  route('/lists/:list/requests/count', {
    GET: operation({
      summary: 'How many requests wait.',
      parameters: filters,
      run: async (call, read) => {
        const list = await parentList(call);
        return okay({ count: (await waiting(call, list, read())).length });
      },
    }),
  }),
  route('/lists/:list/requests/:token', {
    GET: operation({
      summary: 'A request that waits.',
      run: async (call) => okay(resource(await theRequest(call, await parentList(call)))),
    }),
    POST: operation({
      summary: 'Decides about a request.',
      parameters: {
        action: required(oneOf(actions), 'What is done with it; hold and defer change nothing.'),
        reason: optional(text, 'What is told to whom is rejected.'),
      },
      run: async (call, read) => {
        const list = await parentList(call);
        const { action, reason } = read();
        const { token } = await theRequest(call, list);
        try {
          await decideRequest(call.step, list, token, decisionOf(action, reason));
          return noContent;
        } catch (error) {
          if (!(error instanceof RequestRefused)) throw error;
          throw refused(error);
        }
      },
    }),
  }),
];

function refused({ reason, message }: RequestRefused): Error {
  switch (reason) {
    case 'already_member':
      return conflict('Already subscribed');
    case 'unknown_token':
    case 'not_member':
      return notFound();
    default:
      return badRequest(message);
  }
}

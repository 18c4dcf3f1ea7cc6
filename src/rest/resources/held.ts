import {
  countHeldMessages,
  findHeldMessage,
  type HeldMessage,
  heldRequestIds,
} from '../../database/held-messages.ts';
import { Message } from '../../message/message.ts';
import { actions } from '../../model/enums.ts';
import { parseUtc } from '../../model/time.ts';
import { type Decision, decideHeldPost } from '../../moderation/held-posts.ts';
import { noContent, okay, okayInPieces } from '../answer.ts';
import { oneOf, text } from '../converters.ts';
import { notFound } from '../errors.ts';
import { parentList, part } from '../lookup.ts';
import { collectionInPieces, pageIn, slice } from '../paging.ts';
import { optional, required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import { Moment, type Resource, type RestValue } from '../values.ts';

/** What travels with a held post, but for what only this server understands. */
function metadataOf({ metadata, listId }: HeldMessage): Resource {
  const { received_time, frame: _, authored_headers: __, authentication: ___, ...rest } = metadata;
  const received = received_time === undefined ? undefined : parseUtc(received_time);
  return {
    listid: listId,
    ...(rest as Record<string, RestValue>),
    ...(received === undefined ? {} : { received_time: new Moment(received) }),
  };
}

function resource(call: Call, held: HeldMessage): Resource {
  const bytes = Message.parse(held.content);
  return {
    request_id: held.requestId,
    ...metadataOf(held),
    self_link: call.link(`/lists/${held.listId}/held/${held.requestId}`),
    msg: asText(held.content),
    message_id: held.messageId,
    sender: held.sender,
    subject: held.subject,
    reason: held.reasons.join('; '),
    hold_date: new Moment(held.heldAt),
    original_subject: asText(Buffer.from(bytes.headers.get('Subject') ?? '', 'latin1')),
  };
}

/** Bytes as a text: UTF-8 where they are that, else each as one character. */
function asText(bytes: Buffer): string {
  const lines = bytes.toString('utf8');
  return (lines.includes('\uFFFD') ? bytes.toString('latin1') : lines).replaceAll('\r\n', '\n');
}

/** Those that are decided on meanwhile are left out. */
async function* eachOf(call: Call, listId: string, requestIds: readonly number[]): AsyncGenerator<Resource> {
  for (const requestId of requestIds) {
    const held = await findHeldMessage(call.connection, listId, requestId);
    if (held) yield resource(call, held);
  }
}

/** @throws RestError 404 */
async function theHeld(call: Call, listId: string): Promise<HeldMessage> {
  const requestId = part(call, 'request');
  const held = /^\d{1,9}$/.test(requestId)
    ? await findHeldMessage(call.connection, listId, Number(requestId))
    : undefined;
  if (!held) throw notFound();
  return held;
}

function decisionOf(action: (typeof actions)[number], comment: string | undefined): Decision {
  switch (action) {
    case 'accept':
    case 'discard':
      return { kind: action };
    case 'reject':
      return { kind: 'reject', reason: comment ?? '' };
    default:
      return { kind: 'defer' };
  }
}

/** `/lists/{list}/held` */
export const heldRoutes: readonly Route[] = [
  route('/lists/:list/held', {
    GET: operation({
      summary: 'The posts that wait for a moderator.',
      run: async (call) => {
        const { listId } = await parentList(call);
        const page = pageIn(call.input);
        const requestIds = await heldRequestIds(call.connection, listId);
        const entries = eachOf(call, listId, slice(requestIds, page));
        return okayInPieces(collectionInPieces(page, requestIds.length, entries));
      },
    }),
  }),
  route('/lists/:list/held/count', {
    GET: operation({
      summary: 'How many posts wait for a moderator.',
      run: async (call) => {
        const { listId } = await parentList(call);
        return okay({ count: await countHeldMessages(call.connection, listId) });
      },
    }),
  }),
  route('/lists/:list/held/:request', {
    GET: operation({
      summary: 'A post that waits for a moderator.',
      run: async (call) => {
        const { listId } = await parentList(call);
        return okay(resource(call, await theHeld(call, listId)));
      },
    }),
    POST: operation({
      summary: 'Decides about a post.',
      parameters: {
        action: required(oneOf(actions), 'What is done with it; hold and defer change nothing.'),
        comment: optional(text, 'What the sender of a rejected post is told.'),
      },
      run: async (call, read) => {
        const list = await parentList(call);
        const { action, comment } = read();
        const { requestId } = await theHeld(call, list.listId);
        await decideHeldPost(call.step, list, requestId, decisionOf(action, comment));
        return noContent;
      },
    }),
  }),
];

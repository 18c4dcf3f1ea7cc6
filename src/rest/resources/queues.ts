import { join } from 'node:path';
import { findList } from '../../database/lists.ts';
import { countEntries, deleteFreeEntry, findEntry, listEntries } from '../../database/queue-entries.ts';
import { injectedMessage } from '../../mta/reception.ts';
import { enqueue } from '../../queue/enqueue.ts';
import { type QueueName, queueNames } from '../../queue/queues.ts';
import { created, noContent, okay, okayAsIs } from '../answer.ts';
import { text } from '../converters.ts';
import { badRequest, notFound } from '../errors.ts';
import { part } from '../lookup.ts';
import { collection, pageIn, slice } from '../paging.ts';
import { required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import type { Resource } from '../values.ts';

/** Mailman's queues; `retry` is always empty here, as deferred mail stays in `out`. */
const shownQueues: readonly string[] = [...queueNames, 'retry'].sort();

async function resource(call: Call, name: string, count: number): Promise<Resource> {
  const entries = count === 0 ? [] : await listEntries(call.connection, name);
  return {
    name,
    directory: join(call.step.config.paths.queue_dir, name),
    count: entries.length,
    files: entries.map(({ entry_id }) => entry_id),
    self_link: call.link(`/queues/${name}`),
  };
}

function queueNamed(name: string): QueueName | undefined {
  return queueNames.find((queue) => queue === name);
}

/** `/queues` */
export const queueRoutes: readonly Route[] = [
  route('/queues', {
    GET: operation({
      summary: 'What waits in each queue.',
      run: async (call) => {
        const page = pageIn(call.input);
        const counts = await countEntries(call.connection);
        const entries: Resource[] = [];
        for (const name of slice(shownQueues, page))
          entries.push(await resource(call, name, counts.get(name) ?? 0));
        return okayAsIs(collection(page, shownQueues.length, entries, { self_link: call.link('/queues') }));
      },
    }),
  }),
  route('/queues/:queue', {
    GET: operation({
      summary: 'What waits in a queue.',
      run: async (call) => {
        const name = part(call, 'queue');
        if (!shownQueues.includes(name)) throw notFound();
        return okay(await resource(call, name, 1));
      },
    }),
    POST: operation({
      summary: 'Puts a message for a list into a queue.',
      parameters: {
        list_id: required(text, 'The List-Id.'),
        text: required(text, 'The message with its headers.'),
      },
      run: async (call, read) => {
        const wanted = read();
        const name = part(call, 'queue');
        const list = await findList(call.connection, wanted.list_id);
        if (!list) throw badRequest(`No such list: ${wanted.list_id}`);
        const queue = queueNamed(name);
        if (!queue) throw badRequest(`'${name}'`);
        const bytes = Buffer.from(wanted.text.replaceAll(/\r?\n/g, '\r\n'));
        const message = injectedMessage(bytes, call.step.clock.now());
        const entryId = await enqueue(call.connection, call.step.clock, queue, message, {
          listid: list.listId,
          original_size: bytes.length,
        });
        return created(call.link(`/queues/${name}/${entryId}`));
      },
    }),
  }),
  route(
    '/queues/:queue/:file',
    {
      DELETE: operation({
        summary: 'Drops a message from a queue.',
        run: async (call) => {
          const queue = queueNamed(part(call, 'queue'));
          const entryId = part(call, 'file');
          if (!queue) throw notFound(`No such queue: ${part(call, 'queue')}`);
          const entry = await findEntry(call.connection, entryId);
          if (entry?.queue !== queue || !(await deleteFreeEntry(call.connection, entryId)))
            throw notFound(`No such queue file: ${entryId}`);
          return noContent;
        },
      }),
    },
    { refusesBelow: true },
  ),
];

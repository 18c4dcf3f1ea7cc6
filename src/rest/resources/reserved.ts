import { noContent } from '../answer.ts';
import { noSuchPath, notFound, RestError } from '../errors.ts';
import { type Operation, operation, type Route, route } from '../route.ts';

const nothing: Operation = operation({
  summary: 'Nothing is there.',
  run: async () => {
    throw notFound();
  },
});

const noTemplate: Operation = operation({
  summary: 'Nothing is there, as in Mailman: its templates are at /uris.',
  run: async () => {
    throw noSuchPath();
  },
});

const incomplete: Operation = operation({
  summary: 'Refused: a list and a template are needed.',
  run: async () => {
    throw new RestError(400);
  },
});

const OLD = { versions: ['3.0'] } as const;

/** What Mailman's own tests call, and what only version 3.0 has. */
export const reservedRoutes: readonly Route[] = [
  route('/reserved', { GET: nothing, DELETE: nothing }),
  route('/reserved/:what', { GET: nothing, DELETE: nothing }),
  route('/reserved/reset', {
    GET: operation({ summary: 'Without effect.', run: async () => noContent }),
  }),
  route('/reserved/uids/orphans', {
    GET: nothing,
    DELETE: operation({ summary: 'Without effect.', run: async () => noContent }),
  }),
  route('/templates', { GET: incomplete }, { ...OLD, refusesBelow: true }),
  route('/templates/:list/:template', { GET: noTemplate }, OLD),
  route('/templates/:list/:template/:language', { GET: noTemplate }, OLD),
];

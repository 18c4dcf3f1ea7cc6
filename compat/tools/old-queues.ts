import { type QueueName, queueNames } from '../../src/queue/queues.ts';

/** Queues by their names in Mailman 2.1 and here. */
export const oldQueues: ReadonlyMap<string, QueueName> = new Map([
  ...queueNames.map((name): [string, QueueName] => [name, name]),
  ['commands', 'command'],
  ['news', 'nntp'],
]);

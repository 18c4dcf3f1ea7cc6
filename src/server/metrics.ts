import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/index.ts';
import { countEntries } from '../database/queue-entries.ts';
import type { Delivery } from '../mta/delivery.ts';
import { queueNames } from '../queue/queues.ts';
import type { Services } from '../queue/step.ts';

/** What there is to tell about a running server. */
export interface Metrics {
  /** Messages that LMTP has taken. */
  accepted: number;
  /** In the text format of Prometheus (version 0.0.4). @throws DatabaseError */
  render(): Promise<string>;
}

export interface MetricsServer {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** @param delivery whose counts are shown */
export function createMetrics(services: Services, delivery: Delivery): Metrics {
  const started = Date.now();
  const metrics: Metrics = {
    accepted: 0,
    render: async () => {
      const queued = await countEntries(services.database.connection);
      const { delivered, deferred, refused, transactions } = delivery.counts;
      const { rss, heapUsed } = process.memoryUsage();
      return [
        family('queue_entries', 'gauge', 'Messages in each queue.'),
        ...queueNames.map((queue) => `ferryman_queue_entries{queue="${queue}"} ${queued.get(queue) ?? 0}`),
        ...single('accepted_total', 'counter', 'Messages taken by LMTP.', metrics.accepted),
        ...single('transactions_total', 'counter', 'SMTP transactions.', transactions),
        ...single('delivered_total', 'counter', 'Recipients delivered to.', delivered),
        ...single('deferred_total', 'counter', 'Recipients put off.', deferred),
        ...single('refused_total', 'counter', 'Recipients refused for good.', refused),
        ...single('memory_bytes', 'gauge', 'Resident memory of the process.', rss),
        ...single('heap_bytes', 'gauge', 'JavaScript heap in use.', heapUsed),
        ...single('start_time_seconds', 'gauge', 'When the server started.', Math.floor(started / 1000)),
        '',
      ].join('\n');
    },
  };
  return metrics;
}

/** Serves `/health` and `/metrics` as `[metrics]` says. Throws the system's error where it cannot listen. */
export async function startMetrics(
  { metrics: { host, port } }: Config,
  metrics: Metrics,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(request, metrics).then(
      ({ status, text }) => send(response, status, text),
      (error: Error) => send(response, 503, `${error.message}\n`),
    );
  });
  server.listen(port, host.replace(/^\[|\]$/g, ''));
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  { method, url }: IncomingMessage,
  metrics: Metrics,
): Promise<{ readonly status: number; readonly text: string }> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'GET only\n' };
  switch (url?.split('?')[0]) {
    case '/metrics':
      return { status: 200, text: await metrics.render() };
    case '/health':
      // Healthy is who can read the database.
      await metrics.render();
      return { status: 200, text: 'ok\n' };
    default:
      return { status: 404, text: 'Try /metrics or /health\n' };
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
}

function single(name: string, type: 'counter' | 'gauge', help: string, value: number): string[] {
  return [family(name, type, help), `ferryman_${name} ${value}`];
}

function family(name: string, type: 'counter' | 'gauge', help: string): string {
  return `# HELP ferryman_${name} ${help}\n# TYPE ferryman_${name} ${type}`;
}

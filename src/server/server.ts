import { hostname } from 'node:os';
import { type ArchiveWork, createArchiveWork } from '../archiving/archive-consumer.ts';
import type { Config } from '../config/index.ts';
import { unreachable } from '../config/reachable.ts';
import type { RunnerKind } from '../config/schema/classes.ts';
import type { HttpListening } from '../http/listening.ts';
import { createDelivery, type Delivery } from '../mta/delivery.ts';
import { type AcceptMessage, type LmtpServer, startLmtp } from '../mta/lmtp.ts';
import type { DeliveryHooks } from '../mta/outgoing.ts';
import { newsConsumer } from '../news/news-consumer.ts';
import { QueueEngine, type Workers } from '../queue/engine.ts';
import type { QueueName } from '../queue/queues.ts';
import type { Services } from '../queue/step.ts';
import { deliveryHooks } from './delivery-hooks.ts';
import { listening } from './listening.ts';
import { createMetrics, type MetricsServer, startMetrics } from './metrics.ts';
import { isStarted, processors } from './processors.ts';
import { type OpenServices, openServices } from './services.ts';
import { tasks as allTasks } from './task-table.ts';
import { startTasks, type Task } from './tasks.ts';

/** What a test, or another kind of server, does differently. */
export interface ServerOverrides {
  /** Beside the database and the logs, which are always the server's own. */
  readonly services?: Partial<Pick<Services, 'clock' | 'resolver' | 'log'>>;
  readonly processors?: Workers['processors'];
  readonly deliveryHooks?: DeliveryHooks;
  readonly tasks?: readonly Task[];
}

/** A server that is ready. */
export interface RunningServer {
  readonly services: Services;
  readonly engine: QueueEngine;
  /** Undefined where LMTP is switched off. */
  readonly lmtpPort: number | undefined;
  readonly metricsPort: number | undefined;
  /** Undefined where `[web] enabled` is no. */
  readonly webPort: number | undefined;
  /** Undefined where the REST API is switched off. */
  readonly restPort: number | undefined;
  /** Closes the log files, which are made anew with the next line. */
  reopenLogs(): void;
  /** Takes no more mail, finishes what is under way, gives the rest back to the queues. */
  stop(): Promise<void>;
}

/**
 * Starts a server: queues, LMTP, web pages, REST API, tasks, metrics. It is ready when the promise resolves.
 * @throws DatabaseError, ListenError
 */
export async function startServer(config: Config, overrides: ServerOverrides = {}): Promise<RunningServer> {
  const opened = await openServices(config);
  const stops: (() => Promise<void> | void)[] = [() => opened.close()];
  try {
    return await startParts(opened, overrides, stops);
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

async function startParts(
  opened: OpenServices,
  overrides: ServerOverrides,
  stops: (() => Promise<void> | void)[],
): Promise<RunningServer> {
  const services: Services = { ...opened.services, ...overrides.services };
  const { config } = services;
  for (const notice of config.notices) services.log('config', notice);
  for (const problem of unreachable(config)) services.log('error', problem);
  const delivery = createDelivery(config, overrides.deliveryHooks ?? deliveryHooks);
  stops.push(() => delivery.close());
  const archiving = createArchiveWork(config);
  stops.push(() => archiving.close());
  const engine = new QueueEngine(
    services,
    workersOf(config, overrides.processors ?? processors, delivery, archiving),
    `${hostname()} ${config.paths.lock_file}`,
  );
  await engine.start();
  stops.push(() => engine.stop());
  stops.push(() => delivery.stop());
  const metrics = createMetrics(services, delivery);
  let lmtp: LmtpServer | undefined;
  if (isStarted(config, 'lmtp')) {
    const accept: AcceptMessage = (message, entries) => {
      metrics.accepted += 1;
      return engine.acceptAll(message, entries);
    };
    lmtp = await listening(config, ['mta', 'lmtp_port'], () => startLmtp(services, accept));
    stops.push(lmtp.stop);
  }
  let metricsServer: MetricsServer | undefined;
  if (config.metrics.enabled) {
    metricsServer = await listening(config, ['metrics', 'port'], () => startMetrics(config, metrics));
    stops.push(metricsServer.stop);
  }
  let web: HttpListening | undefined;
  if (config.web.enabled) {
    const { startWeb } = await import('../web/server.ts');
    web = await listening(config, ['web', 'port'], () => startWeb(services, archiving.open));
    stops.push(web.stop);
  }
  let rest: HttpListening | undefined;
  if (isStarted(config, 'rest')) {
    const { startRest } = await import('../rest/server.ts');
    rest = await listening(config, ['webservice', 'port'], () => startRest(services));
    stops.push(rest.stop);
  }
  const timers = startTasks(services, overrides.tasks ?? allTasks(config));
  stops.push(() => timers.stop());
  return {
    services,
    engine,
    lmtpPort: lmtp?.port,
    metricsPort: metricsServer?.port,
    webPort: web?.port,
    restPort: rest?.port,
    reopenLogs: () => opened.logs.reopen(),
    stop: () => stopAll(stops),
  };
}

/** Leaves out the queues whose `[runner.NAME] start` is no. */
function workersOf(
  config: Config,
  table: Workers['processors'],
  delivery: Delivery,
  archiving: ArchiveWork,
): Workers {
  const wanted = Object.entries(table).filter(([queue]) =>
    isStarted(config, queue as QueueName & RunnerKind),
  );
  return {
    processors: Object.fromEntries(wanted),
    consumers: {
      ...(isStarted(config, 'out') ? { out: delivery.consumer } : {}),
      ...(isStarted(config, 'nntp') ? { nntp: newsConsumer } : {}),
      ...(isStarted(config, 'archive') ? { archive: archiving.consumer } : {}),
    },
  };
}

/** Last things first. */
async function stopAll(stops: (() => Promise<void> | void)[]): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

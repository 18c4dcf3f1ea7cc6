import type { FastifyInstance } from 'fastify';
import { listenEverywhere } from '../mta/listen.ts';

/** How long requests may go on when the server stops, in milliseconds. */
const CLOSE_LIMIT = 2000;

/** An HTTP server that takes requests. */
export interface HttpListening {
  readonly port: number;
  /** Takes no more requests, lets those under way finish for two seconds, and closes the application. */
  readonly stop: () => Promise<void>;
}

/**
 * Serves an application on every address of a host (`localhost` is often two).
 * @param port 0 for any that is free
 * @throws the system's error where it cannot listen
 */
export async function listenHttp(app: FastifyInstance, host: string, port: number): Promise<HttpListening> {
  await app.ready();
  const listening = await listenEverywhere(app.server, port, host);
  return {
    port: listening.port,
    stop: async () => {
      listening.stop();
      const closed = new Promise<void>((resolve) => app.server.close(() => resolve()));
      app.server.closeIdleConnections();
      const impatience = setTimeout(() => app.server.closeAllConnections(), CLOSE_LIMIT);
      await closed;
      clearTimeout(impatience);
      await app.close();
    },
  };
}

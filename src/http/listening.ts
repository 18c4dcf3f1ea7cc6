import type { FastifyInstance } from 'fastify';
import { FerrymanError } from '../errors.ts';
import { listenEverywhere } from '../mta/listen.ts';

/** An address or port that cannot be had: taken, not allowed, or not of this machine. */
export class ListenError extends FerrymanError {
  override name = 'ListenError';
}

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
 * @param setting what names the port in the configuration, for the message
 * @throws ListenError
 */
export async function listenHttp(
  app: FastifyInstance,
  host: string,
  port: number,
  setting = 'HTTP',
): Promise<HttpListening> {
  await app.ready();
  const listening = await listenEverywhere(app.server, port, host).catch(async (error: Error) => {
    await app.close();
    throw new ListenError(`${setting}: cannot listen on ${host}:${port} (${error.message})`, {
      cause: error,
    });
  });
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

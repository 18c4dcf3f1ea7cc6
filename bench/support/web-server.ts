import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';

/** A server of pages that runs. */
export interface WebServer {
  readonly origin: string;
  end(): Promise<void>;
}

const START_LIMIT_MS = 60_000;

/** Waits until a page can be had. @throws Error where the server ends, or takes too long */
export async function untilGreetingOf(child: ChildProcess, origin: string, path: string): Promise<WebServer> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    const status = await fetch(origin + path).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) break;
    if (child.exitCode !== null || performance.now() > limit)
      throw new Error(`${origin}${path} answers ${status}`);
    await sleep(50);
  }
  return {
    origin,
    end: async () => {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}

/**
 * How many times in a second a page is had over so many connections.
 * @throws Error where not every answer is the page
 */
export async function pagesPerSecond(url: string, connections: number, seconds: number): Promise<number> {
  const text = await fetch(url).then((response) => response.text());
  const result = await autocannon({ url, connections, duration: seconds, timeout: 30 });
  if (result.non2xx > 0 || result.errors > 0 || text.length < 500)
    throw new Error(`${url}: ${result.non2xx} other answers, ${result.errors} errors`);
  return result.requests.total / result.duration;
}

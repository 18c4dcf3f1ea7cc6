import { Agent, request } from 'node:http';

/** What a number of requests took. */
export interface Load {
  readonly perSecond: number;
  /** Nineteen of twenty answers came within this time. */
  readonly p95Seconds: number;
}

/** A request: a path below the version, and a form. */
export interface Asked {
  readonly path: string;
  readonly form?: string;
}

const AUTHORIZATION = `Basic ${Buffer.from('restadmin:restpass').toString('base64')}`;

/**
 * Keeps some connections busy for a while.
 * @param next what to ask, by a number that counts up
 * @param limit ends after this many seconds, or this many requests
 * @throws Error where an answer is not 2xx
 */
export async function loadRest(
  port: number,
  connections: number,
  next: (number: number) => Asked,
  limit: { readonly seconds?: number; readonly requests?: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const start = performance.now();
  const { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = limit;
  let asked = 0;
  const work = async (): Promise<void> => {
    while (asked < requests && performance.now() - start < seconds * 1000) {
      const number = asked;
      asked += 1;
      const begun = performance.now();
      await ask(agent, port, next(number));
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  const elapsed = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((one, other) => one - other);
  return {
    perSecond: times.length / elapsed,
    p95Seconds: (times[Math.floor(times.length * 0.95)] ?? Number.NaN) / 1000,
  };
}

/** @returns the body */
export function ask(agent: Agent, port: number, { path, form }: Asked): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: 'localhost',
        path: `/3.1${path}`,
        method: form === undefined ? 'GET' : 'POST',
        headers: {
          authorization: AUTHORIZATION,
          ...(form === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(form),
              }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode !== undefined && response.statusCode < 300) resolve(text);
          else reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(form);
  });
}

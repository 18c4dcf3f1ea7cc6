import { lookup as systemLookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { errorCode } from '../errors.ts';

/** Finds all addresses of a host name. */
export type Lookup = (host: string, options: { all: true }) => Promise<readonly { address: string }[]>;

/** Where a server takes connections. */
export interface Listening {
  readonly port: number;
  /** Takes none any more at the addresses beside the first, which is the server's own to close. */
  readonly stop: () => void;
}

/** How often another port is tried where any will do: one that is free at one address may be taken at the other. */
const MOST_TRIES = 20;

/**
 * Lets a server listen on every address of a host: `localhost` is often both 127.0.0.1 and ::1, and a mail server may
 * know only one of them. An address that this machine does not have is passed over while there is another.
 * @param host a name or an address, which may be in brackets
 * @param port 0 for any that is free
 * @throws the system's error where it can listen on none, or where the port is taken
 */
export async function listenEverywhere(
  server: Server,
  port: number,
  host: string,
  lookup: Lookup = systemLookup,
): Promise<Listening> {
  const found = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
  const addresses = [...new Set(found.map(({ address }) => address))];
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenAt(server, port, addresses, host);
    } catch (error) {
      const isTaken = errorCode(error) === 'EADDRINUSE';
      if (port !== 0 || !isTaken || tries === MOST_TRIES) throw error;
    }
  }
}

async function listenAt(
  server: Server,
  port: number,
  addresses: readonly string[],
  host: string,
): Promise<Listening> {
  const further: Server[] = [];
  const stop = (): void => {
    for (const one of further) one.close();
  };
  let failure: Error | undefined;
  let chosen = port;
  for (const address of addresses) {
    const isFirst = !server.listening;
    const listener = isFirst ? server : createServer((socket) => server.emit('connection', socket));
    try {
      await listen(listener, chosen, address);
    } catch (error) {
      failure ??= error as Error;
      if (isMissing(error)) continue;
      stop();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      throw error;
    }
    if (isFirst) chosen = (server.address() as AddressInfo).port;
    else further.push(listener);
  }
  if (!server.listening) throw failure ?? new Error(`${host} has no address`);
  return { port: chosen, stop };
}

async function listen(server: Server, port: number, address: string): Promise<void> {
  server.listen(port, address);
  await once(server, 'listening');
}

function isMissing(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(errorCode(error) ?? '');
}

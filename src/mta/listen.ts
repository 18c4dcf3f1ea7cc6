import { lookup as systemLookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Finds all addresses of a host name. */
export type Lookup = (host: string, options: { all: true }) => Promise<readonly { address: string }[]>;

/** Where a server takes connections. */
export interface Listening {
  readonly port: number;
  /** Takes none any more at the addresses beside the first, which is the server's own to close. */
  readonly stop: () => void;
}

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
  const further: Server[] = [];
  const stop = (): void => {
    for (const one of further) one.close();
  };
  let failure: Error | undefined;
  let chosen = port;
  for (const { address } of new Map(found.map((one) => [one.address, one])).values()) {
    const isFirst = !server.listening;
    const listener = isFirst ? server : createServer((socket) => server.emit('connection', socket));
    try {
      await listen(listener, chosen, address);
    } catch (error) {
      failure ??= error as Error;
      if (isMissing(error)) continue;
      stop();
      if (server.listening) server.close();
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
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../peers/throwaway.ts';

/** A port of 127.0.0.1 that leads to another one, until the line is cut. */
export interface Relay {
  readonly port: number;
  /** Breaks off all connections, and takes none any more. */
  cut(): Promise<void>;
  /** Takes connections again. */
  mend(): Promise<void>;
  /** The next time that a client says this, passes it on, and breaks off all connections instead of passing the answer back. */
  loseAnswerTo(text: string): Promise<void>;
}

/** @param target the port that it leads to */
export async function startRelay(target: number): Promise<Relay> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    return socket.on('close', () => sockets.delete(socket));
  };
  let server: Server | undefined;
  let onLost: (() => void) | undefined;
  let wanted: string | undefined;
  const join = (client: Socket, other: Socket): void => {
    let isSaid = false;
    client.on('data', (bytes) => {
      if (wanted !== undefined && bytes.includes(wanted)) {
        isSaid = true;
        wanted = undefined;
      }
      other.write(bytes);
    });
    other.on('data', (bytes) => {
      if (!isSaid) client.write(bytes);
      else void relay.cut().then(onLost);
    });
    client.on('close', () => other.destroy());
    other.on('close', () => client.destroy());
  };
  const relay: Relay = {
    port,
    cut: async () => {
      if (!server) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: async () => {
      server = createServer((client) => {
        join(keep(client), keep(connect(target, '127.0.0.1')));
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    loseAnswerTo: (text) => {
      wanted = text;
      return new Promise((resolve) => {
        onLost = resolve;
      });
    },
  };
  await relay.mend();
  return relay;
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a scripted mail server says, and what it heard. */
export interface Script {
  readonly extensions?: readonly string[];
  /** The reply to a command, or to the end of a message; '' says nothing. */
  readonly reply: (said: Said) => string;
  /** Cuts what is sent into pieces; as it is otherwise. */
  readonly cut?: (bytes: string) => readonly string[];
  /** Breaks off after so many octets of replies, the greeting and the reply to EHLO not counted. */
  readonly closeAfter?: number;
}

/** A command with its line; `END` is the end of a message, with the message. */
export interface Said {
  readonly verb: string;
  readonly line: string;
}

/** A mail server that says what a test wants, right or wrong. */
export interface ScriptedServer {
  readonly port: number;
  /** All that was said after EHLO, of all connections. */
  readonly said: Said[];
  script: Script;
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serve(socket, scripted);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scripted: ScriptedServer = {
    port: (server.address() as AddressInfo).port,
    said: [],
    script,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return scripted;
}

function serve(socket: Socket, server: ScriptedServer): void {
  const { script } = server;
  let input = '';
  let isMessage = false;
  let octets = 0;
  const pieces: string[] = [];
  let isWriting = false;
  const flush = (): void => {
    const piece = pieces.shift();
    isWriting = piece !== undefined;
    if (piece === undefined || socket.destroyed) return;
    const left = (script.closeAfter ?? Number.POSITIVE_INFINITY) - octets;
    octets += piece.length;
    if (piece.length >= left) {
      socket.end(piece.slice(0, left), 'latin1');
      return;
    }
    socket.write(piece, 'latin1', () => setImmediate(flush));
  };
  const say = (bytes: string): void => {
    if (bytes === '') return;
    pieces.push(...(script.cut?.(bytes) ?? [bytes]));
    if (!isWriting) flush();
  };
  const hear = (verb: string, line: string): void => {
    const said = { verb, line };
    server.said.push(said);
    const reply = script.reply(said);
    if (verb === 'DATA') isMessage = /(?:^|\n)354/.test(reply);
    say(reply);
  };
  socket.write('220 script ESMTP\r\n');
  socket.on('data', (chunk) => {
    input += chunk.toString('latin1');
    for (;;) {
      const ending = isMessage ? /(?:^|\r\n)\.\r\n/.exec(input) : /\r\n/.exec(input);
      if (!ending) return;
      const line = input.slice(0, ending.index);
      input = input.slice(ending.index + ending[0].length);
      const verb = line.slice(0, 4).toUpperCase();
      if (isMessage) {
        isMessage = false;
        hear('END', line);
      } else if (verb === 'EHLO') {
        const lines = ['script', ...(script.extensions ?? ['PIPELINING', '8BITMIME', 'SIZE 100000'])];
        socket.write(lines.map((text, at) => `250${at < lines.length - 1 ? '-' : ' '}${text}\r\n`).join(''));
      } else if (verb === 'QUIT') {
        server.said.push({ verb, line });
        socket.end('221 2.0.0 Bye\r\n');
      } else hear(verb, line);
    }
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { listenEverywhere } from '../../src/mta/listen.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function greeter(): Server {
  const server = createServer((socket) => socket.end('hello'));
  ends.push(() => server.close());
  return server;
}

const named = (...addresses: string[]) => ({
  lookup: async () => addresses.map((address) => ({ address })),
});

async function greeting(host: string, port: number): Promise<string> {
  const socket = connect(port, host);
  const [text] = (await once(socket, 'data')) as [Buffer];
  return text.toString();
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

test.skipIf(!hasIpv6)('a name with two addresses is reached at both', async () => {
  const { port, stop } = await listenEverywhere(
    greeter(),
    0,
    'localhost',
    named('::1', '127.0.0.1', '::1').lookup,
  );
  ends.push(stop);
  expect(await greeting('127.0.0.1', port)).toBe('hello');
  expect(await greeting('::1', port)).toBe('hello');
});

test('an address that the machine does not have is passed over', async () => {
  const { port, stop } = await listenEverywhere(
    greeter(),
    0,
    'localhost',
    named('192.0.2.1', '127.0.0.1').lookup,
  );
  ends.push(stop);
  expect(await greeting('127.0.0.1', port)).toBe('hello');
});

test('where any port will do, and it is taken at the second address, another one is found', async () => {
  const server = greeter();
  const { lookup } = named('127.0.0.1', '127.0.0.2');
  let taken = 0;
  server.once('listening', () => {
    taken = (server.address() as AddressInfo).port;
    greeter().listen(taken, '127.0.0.2');
  });
  const { port, stop } = await listenEverywhere(server, 0, 'localhost', lookup);
  ends.push(stop);
  expect(port).not.toBe(taken);
  expect(await greeting('127.0.0.2', port)).toBe('hello');
});

test('where there is none, and where the port is taken, it says so', async () => {
  await expect(listenEverywhere(greeter(), 0, 'x', named('192.0.2.1').lookup)).rejects.toMatchObject({
    code: 'EADDRNOTAVAIL',
  });
  const other = greeter().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(listenEverywhere(greeter(), port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('an address may be in brackets', async () => {
  const { port } = await listenEverywhere(greeter(), 0, '[127.0.0.1]');
  expect(await greeting('127.0.0.1', port)).toBe('hello');
});

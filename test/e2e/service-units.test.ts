import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { freePort } from '../peers/throwaway.ts';
import { install, MAILMAN } from '../support/mailman.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const UNITS = join(ROOT, 'docs/systemd');
const folder = mkdtempSync(join(tmpdir(), 'ferryman-units-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasProgram = (name: string): boolean => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

const files = readdirSync(UNITS);

test('each command in the units and for supervisord exists', () => {
  const texts = [...files.map((file) => join(UNITS, file)), join(ROOT, 'docs/supervisord/mailman3.ini')];
  const commands = texts.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:ExecStart|command)=\/opt\/ferryman\/bin\/(.*)$/gm)].map(
      ([, command = '']) => command,
    ),
  );
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    const words = command.replace('%(ENV_HOME)s', '/home/x').split(' ');
    const [program = '', ...argv] = [
      ...words.filter((word) => word !== '-C' && !word.includes('.cfg')),
      '--help',
    ];
    const { status, stdout } = spawnSync(join(ROOT, 'bin', program), argv, { encoding: 'utf8' });
    expect([status, command]).toEqual([0, command]);
    const options = argv.filter((word) => word.startsWith('--'));
    for (const option of options) expect(stdout).toContain(option);
  }
});

test.skipIf(!hasProgram('systemd-analyze'))('systemd finds nothing wrong with the units', () => {
  for (const file of files) {
    const text = readFileSync(join(UNITS, file), 'utf8')
      .replaceAll('/opt/ferryman', ROOT.replace(/\/$/, ''))
      .replaceAll('=mailman\n', '=root\n');
    writeFileSync(join(folder, file), text);
  }
  const { stderr } = spawnSync('systemd-analyze', ['verify', ...files.map((file) => join(folder, file))], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
  });
  const about = stderr.split('\n').filter((line) => line.includes('mailman3'));
  expect(about).toEqual([]);
});

/** A socket as systemd has one: prints each message on a line. */
const LISTENER = `
import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
print('listening', flush=True)
while True:
    print(server.recv(4096).decode().replace('\\n', ' '), flush=True)
`;

test.skipIf(!hasProgram('systemd-notify'))(
  'systemd hears when mail is taken, and when it stops',
  async () => {
    const socket = join(folder, 'notify');
    const listener = spawn('/usr/bin/python3', ['-c', LISTENER, socket], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: listener.stdout })[Symbol.asyncIterator]();
    const heard = async (): Promise<string> => String((await lines.next()).value);
    expect(await heard()).toBe('listening');
    const server = install(`[mta]\nincoming: mailman.mta.null.NullMTA\nlmtp_port: ${await freePort()}\n`);
    const master = spawn(MAILMAN.replace(/mailman$/, 'master'), ['-C', join(server.folder, 'mailman.cfg')], {
      env: { ...process.env, NOTIFY_SOCKET: socket },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const word = async (wanted: string): Promise<void> => {
      let said = await heard();
      // systemd-notify sends an empty message with its barrier.
      while (!said.includes(wanted)) said = await heard();
      expect(said).toContain(`MAINPID=${master.pid}`);
    };
    try {
      await word('READY=1');
      master.kill('SIGUSR1');
      await word('RELOADING=1');
      await word('READY=1');
      master.kill('SIGTERM');
      await word('STOPPING=1');
      expect(await new Promise((resolve) => master.once('exit', resolve))).toBe(0);
    } finally {
      master.kill('SIGKILL');
      listener.kill();
    }
  },
);

import { connect, type Socket } from 'node:net';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { createList } from '../../../src/lists/create.ts';
import { listRules } from '../../../src/lists/rules.ts';
import { type LmtpServer, startLmtp } from '../../../src/mta/lmtp.ts';
import { defaultConfig, testServices } from '../../../test/support/services.ts';
import { mails } from '../corpus.ts';
import { makeInput } from '../mutate.ts';
import { expectThat, type Target } from '../target.ts';

/** After a conversation that has gone wrong the server is asked whether it is still there; so long it may take, in milliseconds. */
const PATIENCE = 10_000;

const CONVERSATION =
  'LHLO a.example\r\nMAIL FROM:<anne@example.org> SIZE=300 BODY=8BITMIME\r\nRCPT TO:<ant@example.com>\r\nRCPT TO:<ant-request@example.com>\r\nDATA\r\n';

const material = {
  seeds: [
    Buffer.from(`${CONVERSATION}From: anne@example.org\r\nSubject: a\r\n\r\nHello\r\n.\r\nQUIT\r\n`),
    ...mails
      .slice(0, 20)
      .map((mail) => Buffer.concat([Buffer.from(CONVERSATION), mail, Buffer.from('\r\n.\r\nQUIT\r\n')])),
  ],
  tokens: [
    ...[
      'LHLO ',
      'EHLO a',
      'MAIL FROM:',
      'RCPT TO:',
      'DATA',
      'RSET',
      'NOOP',
      'QUIT',
      'VRFY ',
      'HELP',
      'BDAT 10 LAST',
      'STARTTLS',
      'AUTH PLAIN ',
      'XCLIENT ',
    ],
    ...[
      '<ant@example.com>',
      '<>',
      '<@a,@b:c@d>',
      '<"a b"@example.com>',
      '<ü@bücher.example>',
      '<',
      '>',
      ' SIZE=',
      ' SIZE=99999999999999999999',
      ' SMTPUTF8',
    ],
    ...[
      ' BODY=',
      ' ORCPT=rfc822;',
      ' NOTIFY=NEVER',
      '\r\n',
      '\n',
      '\r',
      '\r\n.\r\n',
      '\n.\n',
      '\r\n.\n',
      '.\r\n',
      '..\r\n',
      '\0',
      '\xff',
      ' ',
      '\t',
      ':',
    ],
  ],
};

interface Running {
  readonly server: LmtpServer;
  readonly database: Database;
}

let running: Promise<Running> | undefined;
const failures: unknown[] = [];

async function start(): Promise<Running> {
  const database = await openDatabase('sqlite:///:memory:');
  await database.transaction((connection) =>
    createList(
      connection,
      { address: 'ant@example.com', style: 'legacy-default', language: 'en', owners: [], createDomain: true },
      listRules(defaultConfig()),
    ),
  );
  const base = testServices(database, {
    log: (_, line) => void (line.includes('TypeError') && failures.push(line)),
  });
  const services = { ...base, config: { ...base.config, mta: { ...base.config.mta, lmtp_port: 0 } } };
  const accept = async (message: Buffer) => {
    if (/(?:^|[^\r])\n|\r(?!\n)/.test(message.toString('latin1')))
      failures.push('a message with other line ends than CRLF');
  };
  return { database, server: await startLmtp(services, accept) };
}

/** An LMTP conversation that is sent in one piece: the server answers what it understands, and lives on. */
export const lmtp: Target = {
  name: 'lmtp',
  make: (random) => makeInput(random, material),
  read: async (input) => {
    running ??= start();
    const { server } = await running;
    await converse(server.port, input);
    expectThat(failures.length === 0, String(failures.splice(0)[0]));
  },
  close: async () => {
    const open = await running;
    await open?.server.stop();
    await open?.database.close();
    running = undefined;
  },
};

/** Says all, and listens until the server has nothing more to say. */
async function converse(port: number, input: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No end after ${PATIENCE} ms`)), PATIENCE);
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      let received = '';
      socket.on('data', (text: Buffer) => {
        received = (received + text.toString('latin1')).slice(-200);
        const [line = ''] = received.split('\r\n').slice(-2);
        if (line !== '' && !/^\d{3}[ -]/.test(line)) reject(new Error(`No reply: ${line}`));
      });
      socket.on('close', finish);
      socket.on('error', finish);
      socket.on('end', finish);
      socket.end(input);
    });
  } finally {
    reset(socket);
  }
}

/** Without leaving a port behind that waits. */
function reset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
}

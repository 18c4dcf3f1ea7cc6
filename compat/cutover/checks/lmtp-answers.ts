import { connect } from 'node:net';
import type { Check } from './check.ts';

const LIMIT_MS = 5000;

/** Mail that Postfix cannot hand over waits; a list should not begin its move like that. */
export const lmtpAnswers: Check = {
  name: 'LMTP answers',
  run: async ({ services: { config } }) => {
    const { lmtp_host, lmtp_port } = config.mta;
    const problem = await greeting(lmtp_host, lmtp_port);
    return problem === undefined
      ? undefined
      : `nothing takes mail at ${lmtp_host}:${lmtp_port} (${problem}): start the server with "mailman start"`;
  },
};

/** @returns why nobody greeted */
function greeting(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const done = (problem: string | undefined): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(LIMIT_MS, () => done(`no greeting within ${LIMIT_MS / 1000} s`));
    socket.once('error', (error) => done(error.message));
    socket.once('close', () => done('the connection was closed'));
    socket.once('data', (text) =>
      done(text.toString('latin1').startsWith('220') ? undefined : 'it is no mail server'),
    );
  });
}

import { startMailman3 } from '../../peers/mailman3.ts';
import { startSmtpSink } from '../../support/smtp-sink.ts';
import { startRestServer } from '../rest-server.ts';
import { plannedRequests } from './requests.ts';
import { ask, type RestRun } from './side.ts';

const ARCHIVER = '[archiver.prototype]\nenable: yes\n';

/** All requests to Debian's Mailman 3. @throws MissingPeerError */
export async function askMailman3(): Promise<RestRun> {
  const sink = await startSmtpSink();
  const mailman = await startMailman3(sink.port, { config: () => ARCHIVER });
  try {
    const answers = await ask(mailman.restOrigin, plannedRequests());
    return { version: mailman.version, date: new Date().toISOString().slice(0, 10), answers };
  } finally {
    await mailman.stop();
    await sink.stop();
  }
}

/** All requests to a Ferryman. */
export async function askFerryman(): Promise<RestRun> {
  const running = await startRestServer(ARCHIVER);
  try {
    const answers = await ask(`http://127.0.0.1:${running.restPort}`, plannedRequests());
    return { version: 'Ferryman', date: new Date().toISOString().slice(0, 10), answers };
  } finally {
    await running.stop();
  }
}

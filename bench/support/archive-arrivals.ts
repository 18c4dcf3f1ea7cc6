import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveInstallation } from './archive-installation.ts';
import type { Figure } from './figures.ts';
import { Session, samplePost } from './lmtp-load.ts';
import type { WebServer } from './web-server.ts';

const POSTS = 15;
const PAUSE = 100;
const PATIENCE = 60_000;

interface Arrivals {
  /** Until LMTP has accepted a post, the slowest. Seconds. */
  readonly accepted: number;
  /** Until the post is on the page of the list, the slowest. */
  readonly shown: number;
}

/**
 * How long new posts take while an mbox is imported into the same archive, against an idle server.
 * @param name of the database
 */
export async function measureArrivals(
  name: string,
  archive: ArchiveInstallation,
  server: WebServer & { readonly lmtpPort: number },
  lists: { readonly post: string; readonly imported: string },
  mbox: string,
): Promise<Figure[]> {
  const idle = await arrivals(server, lists.post);
  const [program = '', ...args] = archive.importCommand(lists.imported, mbox);
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await sleep(1000);
  const busy = await arrivals(server, lists.post);
  const wasBusy = child.exitCode === null;
  await ended;
  const note = wasBusy ? {} : { note: 'The import was over before the last post came.' };
  return [
    {
      ...{
        what: `${name}: a post is accepted during an import`,
        unit: 'seconds',
        ours: busy.accepted,
        ...note,
      },
      ...{ against: { name: 'without', value: idle.accepted }, target: { kind: 'below', limit: 0.25 } },
    },
    {
      ...{ what: '  and is on the web', unit: 'seconds', ours: busy.shown },
      ...{ against: { name: 'without', value: idle.shown }, target: { kind: 'below', limit: 1 } },
    },
  ];
}

async function arrivals(server: WebServer & { readonly lmtpPort: number }, list: string): Promise<Arrivals> {
  const session = await Session.open(server.lmtpPort);
  const found: Arrivals[] = [];
  for (let count = 0; count < POSTS; count += 1) {
    const { bytes } = samplePost(list);
    const subject = /^Subject: (.*)$/m.exec(bytes.toString())?.[1]?.trim() ?? '';
    const started = performance.now();
    await session.post('member0@example.org', list, bytes);
    const accepted = (performance.now() - started) / 1000;
    while (!(await page(server, list)).includes(`${subject}<`)) {
      if (performance.now() - started > PATIENCE) throw new Error(`${subject} does not show up`);
      await sleep(10);
    }
    found.push({ accepted, shown: (performance.now() - started) / 1000 });
    await sleep(PAUSE);
  }
  session.close();
  return {
    accepted: Math.max(...found.map(({ accepted }) => accepted)),
    shown: Math.max(...found.map(({ shown }) => shown)),
  };
}

async function page({ origin }: WebServer, list: string): Promise<string> {
  return (await fetch(`${origin}/archives/list/${list}/`)).text();
}

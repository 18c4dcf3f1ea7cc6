import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageIdHash } from '../../src/message/message-id-hash.ts';
import type { ArchiveInstallation } from './archive-installation.ts';
import type { Figure, Target } from './figures.ts';
import type { WebServer } from './web-server.ts';

/** What people search for; phrases of the most common words are the hardest. */
const QUERIES = ['planning', 'archive list server', 'that*', '"archive list"', '"to in is"', '"the of and"'];
const SEARCH_LIMIT: Target = { kind: 'below', limit: 0.1 };
const PAGE_LIMIT: Target = { kind: 'below', limit: 0.05 };
const OCTET_LIMIT: Target = { kind: 'below', limit: 150_000 };
const RUNS = 7;
const ANSWERS = 100;
/** Milliseconds between the first page and the first search. */
const READING = 2_000;

/**
 * Searches, and a thread of 100 messages, in a large archive, as readers have them: whole pages, the middle of several.
 * @param mbox with the thread of `appendLongThread`
 * @param messages that it holds beside the thread
 * @param name of the database
 */
export async function measureLargeArchive(
  archive: ArchiveInstallation,
  { list, mbox, messages, name }: { list: string; mbox: string; messages: number; name: string },
): Promise<Figure[]> {
  archive.importMbox(list, mbox);
  const server = await archive.serve();
  const pages = `/archives/list/${list}`;
  try {
    // Somebody reads before he searches.
    await page(server, `${pages}/`);
    await sleep(READING);
    const figures: Figure[] = [];
    const search = (query: string, run: number) =>
      page(server, `${pages}/search/?q=${encodeURIComponent(query)}&run=${run}`);
    const figure = (what: string, seconds: number, target: Target): Figure => ({
      ...{
        what: `${name}, of ${messages}: ${what}`,
        unit: 'seconds',
        ours: seconds,
        against: undefined,
        target,
      },
    });
    figures.push(figure('the first search', (await search('message', 0)).seconds, SEARCH_LIMIT));
    for (const query of QUERIES)
      figures.push(figure(query, await middle((run) => search(query, run)), SEARCH_LIMIT));
    const path = `${pages}/thread/${messageIdHash('thread-0@example.com')}/`;
    figures.push(
      figure(`thread of ${ANSWERS}`, await middle((run) => page(server, `${path}?run=${run}`)), PAGE_LIMIT),
    );
    const { octets } = await page(server, path);
    const what = '  its octets';
    return [...figures, { what, unit: 'count', ours: octets, against: undefined, target: OCTET_LIMIT }];
  } finally {
    await server.end();
  }
}

interface Had {
  readonly seconds: number;
  readonly octets: number;
}

/** @throws Error where it is not a page */
async function page({ origin }: WebServer, path: string): Promise<Had> {
  const started = performance.now();
  const response = await fetch(origin + path);
  const { byteLength } = await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
  return { seconds: (performance.now() - started) / 1000, octets: byteLength };
}

/** The middle of several runs, each of which has a number that was not there before. */
async function middle(work: (run: number) => Promise<Had>): Promise<number> {
  const all: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) all.push((await work(run)).seconds);
  return all.sort((one, other) => one - other)[RUNS >> 1] ?? 0;
}

/** Adds a post and its answers to an mbox, each of which quotes some lines. */
export function appendLongThread(mbox: string): void {
  const thread = Array.from({ length: ANSWERS }, (_, number) => {
    const answered = number === 0 ? '' : `In-Reply-To: <thread-${number >> 1}@example.com>\n`;
    const quoted = '> A line of what was written before, as people quote it.\n'.repeat(8);
    const own = 'A line that somebody writes about it, as long as lines are.\n'.repeat(10);
    return (
      `From user${number}@example.com Mon Jan  5 10:00:${String(number % 60).padStart(2, '0')} 2015\n` +
      `From: User ${number} <user${number}@example.com>\nTo: ant@example.com\nSubject: Re: A long thread\n` +
      `Date: Mon, 5 Jan 2015 10:00:00 +0000\nMessage-ID: <thread-${number}@example.com>\n${answered}\n${quoted}${own}\n`
    );
  });
  appendFileSync(mbox, thread.join(''));
}

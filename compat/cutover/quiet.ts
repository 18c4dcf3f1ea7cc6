import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { queueFiles, readQueueFile } from '../../migrate/queues/queue-files.ts';
import type { Site } from '../../migrate/site/site.ts';
import { namesIn } from '../../migrate/site/source-file.ts';
import type { Config } from '../../src/config/index.ts';
import type { Connection } from '../../src/database/handle.ts';
import { entriesOfStage } from '../../src/database/queue-entries.ts';
import { FerrymanError } from '../../src/errors.ts';

const run = promisify(execFile);

/** A list does not get quiet: there is always a post on its way. */
export class NotQuietError extends FerrymanError {
  override name = 'NotQuietError';
}

/** Where posts may be on their way. */
export interface Surroundings {
  readonly config: Config;
  readonly connection: Connection;
  readonly site: Site;
}

/** A list by its names on both sides. */
export interface QuietList {
  readonly listId: string;
  readonly listName: string;
  readonly mailman2Name: string;
}

const PAUSE_MS = 50;

/**
 * Waits until no post that both systems have got is still to be worked on by one of them: none in Postfix's queue, in
 * Mailman 2's `in`, or here. Whoever each of them delivers to may be changed then.
 * @param limitMs after which it is given up
 * @throws NotQuietError telling where the last one was
 */
export async function waitForQuiet(
  { config, connection, site }: Surroundings,
  { listId, listName, mailman2Name }: QuietList,
  limitMs: number,
): Promise<void> {
  const end = performance.now() + limitMs;
  const names = new Set([listName, mailman2Name]);
  for (;;) {
    const busy =
      (await inPostfix(config, names)) ?? inMailman2(site, mailman2Name) ?? (await here(connection, listId));
    if (busy === undefined) return;
    if (performance.now() > end) {
      const seconds = Math.round(limitMs / 1000);
      throw new NotQuietError(`${listId}: a post was still ${busy} after ${seconds} s; nothing was changed`);
    }
    await sleep(PAUSE_MS);
  }
}

/** Posts that Postfix has for Mailman 2's alias of the list, or for a stage of it. @param names local parts */
async function inPostfix(
  { cutover: { postconf_command } }: Config,
  names: ReadonlySet<string>,
): Promise<string | undefined> {
  const [program = '', ...options] = postconf_command.split(/\s+/);
  const postqueue = join(program, '..', 'postqueue');
  const { stdout } = await run(postqueue, [...options, '-j'], { maxBuffer: 64 * 1024 * 1024 });
  const entries = stdout.split('\n').filter((line) => line !== '');
  const waiting = entries.some((line) => recipientsOf(line).some((local) => names.has(local)));
  return waiting ? "in Postfix's queue" : undefined;
}

/** Local parts, lower case. */
function recipientsOf(line: string): string[] {
  const { recipients } = JSON.parse(line) as { recipients: readonly { readonly address: string }[] };
  return recipients.map(({ address }) => address.slice(0, address.lastIndexOf('@')).toLowerCase());
}

function inMailman2(site: Site, mailman2Name: string): string | undefined {
  if (namesIn(join(site.path, 'qfiles', 'in')).length === 0) return undefined;
  const waiting = queueFiles(site)
    .filter(({ queue }) => queue === 'in')
    .some((file) => isFor(file, mailman2Name));
  return waiting ? "in Mailman 2's queue" : undefined;
}

/** One that has gone meanwhile waits no more. */
function isFor(file: ReturnType<typeof queueFiles>[number], mailman2Name: string): boolean {
  try {
    return readQueueFile(file).listName === mailman2Name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function here(connection: Connection, listId: string): Promise<string | undefined> {
  return (await entriesOfStage(connection, listId, 'alongside')) > 0 ? 'in a queue here' : undefined;
}

import { join } from 'node:path';
import type { Site } from '../../../migrate/site/site.ts';
import { allCutovers, type Cutover } from '../../../src/database/cutover.ts';
import { findLogPosition, type LogPosition, putLogPosition } from '../../../src/database/followed-logs.ts';
import type { Connection } from '../../../src/database/handle.ts';
import { despiteRivals } from '../../../src/database/rivals.ts';
import type { Services } from '../../../src/queue/step.ts';
import type { TimedEvent } from './events.ts';
import { eventOf, type Mailman2Event } from './events.ts';
import { PostNotes } from './post-notes.ts';
import { readLogPart } from './tail.ts';

/**
 * In this order: what stands in a later one about a post in an earlier one was written before it, or (failures) is kept
 * until its post is known.
 */
const LOGS = ['post', 'smtp', 'smtp-failure', 'vette'] as const;

/** In which order things happen that have the same second. */
const ORDER: Readonly<Record<Mailman2Event['kind'], number>> = {
  held: 0,
  discarded: 0,
  rejected: 0,
  refused: 0,
  dropped: 0,
  approved: 1,
  sent: 2,
  accepted: 3,
  undeliverable: 4,
};

/** How old what is read at the first look may be, beside the beginning of a list's stage, in seconds. */
const TOLERANCE = 5;

/** Reads Mailman 2's logs, once for all lists that are moving, and notes what they say about each post. */
export class LogFollower {
  readonly #services: Pick<Services, 'database' | 'clock'>;
  readonly #folder: string;
  readonly #notes = new PostNotes();

  constructor(services: Pick<Services, 'database' | 'clock'>, site: Site) {
    this.#services = services;
    this.#folder = join(site.path, 'logs');
  }

  /**
   * Reads on to the end of all logs.
   * @returns how many lines were about posts of these lists
   */
  async look(): Promise<number> {
    const moving = await movingLists(this.#services.database.connection);
    if (moving.size === 0) return 0;
    let count = 0;
    for (;;) {
      const { noted, isMore } = await this.#lookOnce(moving);
      count += noted;
      if (!isMore) return count;
    }
  }

  async #lookOnce(moving: ReadonlyMap<string, Cutover>): Promise<{ noted: number; isMore: boolean }> {
    const { database, clock } = this.#services;
    const events: TimedEvent[] = [];
    const positions = new Map<string, LogPosition>();
    let isMore = false;
    for (const name of LOGS) {
      const from = await findLogPosition(database.connection, name);
      const part = readLogPart(this.#folder, name, from);
      if (part.next.position !== from?.position || part.next.inode !== from.inode)
        positions.set(name, part.next);
      isMore ||= part.isMore;
      for (const line of part.lines) {
        const event = eventOf(line);
        if (!event || !concerns(event, line.at, moving, from === undefined)) continue;
        events.push({ at: line.at, pid: line.pid, event });
      }
    }
    if (positions.size === 0) return { noted: 0, isMore };
    events.sort((a, b) => a.at - b.at || ORDER[a.event.kind] - ORDER[b.event.kind]);
    await despiteRivals(() =>
      database.transaction(async (connection) => {
        await this.#notes.write(connection, events, moving, clock.now());
        for (const [name, position] of positions) await putLogPosition(connection, name, position);
      }),
    );
    return { noted: events.length, isMore };
  }
}

/** Lists whose posts come here as well, or did until just now, by Mailman 2's name. */
async function movingLists(connection: Connection): Promise<Map<string, Cutover>> {
  const all = [...(await allCutovers(connection)).values()];
  const moving = all.filter(({ stage }) => stage === 'observe' || stage === 'alongside' || stage === 'lead');
  return new Map(moving.map((cutover) => [cutover.mailman2Name.toLowerCase(), cutover]));
}

/** At the first look, what lies before the stage that a list is in is not asked for. */
function concerns(
  event: Mailman2Event,
  at: number,
  moving: ReadonlyMap<string, Cutover>,
  isFirst: boolean,
): boolean {
  if (event.kind === 'undeliverable') return true;
  const cutover = moving.get(event.list);
  if (!cutover) return false;
  return !isFirst || at >= Date.parse(cutover.since) / 1000 - TOLERANCE;
}

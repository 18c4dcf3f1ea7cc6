import { setTimeout as sleep } from 'node:timers/promises';
import { followOptions } from '../../compat/cutover/follow-options.ts';
import { type FollowState, lagOf } from '../../migrate/follow/follow.ts';
import { type FollowedList, ListsFollower } from '../../migrate/follow/follow-lists.ts';
import { describeFollowed } from '../../migrate/follow/follow-text.ts';
import type { Site } from '../../migrate/site/site.ts';
import { type DomainOf, openSourceList, targetAddress } from '../../migrate/site/source-list.ts';
import { allCutovers, type Cutover, findCutover } from '../database/cutover.ts';
import type { Connection } from '../database/handle.ts';
import { findList } from '../database/lists.ts';
import { FerrymanError, UsageError } from '../errors.ts';
import { isMailman2InCharge } from '../model/cutover.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';

interface Options extends SourceOptions {
  readonly once?: boolean;
}

/** Between two looks, in milliseconds. */
const PAUSE_MS = 500;

/** `mailman migrate follow` */
export const follow: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Keep lists that have come over equal to a Mailman 2.1 that is still in use: what changes there is applied here ' +
          'within two seconds. Runs until it is stopped (Ctrl-C). A server with [cutover] mailman2_var_dir does it by itself.',
      )
      .option('--once', 'Apply what has changed until now, and end.')
      .action(async (path: string, options: Options) => {
        const { site, lists, domainOf } = openSource(path, options);
        keepMemoryLean();
        const stop = stopOnSignal();
        await context.withDatabase(async (database) => {
          const config = context.config();
          const follower = new ListsFollower(database, site, followOptions(config, { now: utcNow }));
          const followed = await followedLists(database.connection, site, lists, domainOf, context);
          if (followed.length === 0)
            throw new UsageError('None of these lists has come over and is still led by Mailman 2.');
          const report = new FollowReport(context, site, options);
          report.begin(followed);
          context.flush();
          const known = new Map<string, FollowState>();
          let current: readonly Cutover[] = followed;
          do {
            for (const result of await follower.look(current)) {
              report.add(result);
              // Whoever watches through a pipe sees it at once.
              context.flush();
              if (result.followed.kind === 'applied') known.set(result.cutover.listId, result.followed.state);
            }
            current = await refreshed(database.connection, followed, known);
            if (!options.once) await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => {});
          } while (!options.once && !stop.signal.aborted);
          report.end(current);
        });
      });
  },
};

/** Prints what is applied; with `--json` a line for each change, or one report with `--once`. */
class FollowReport {
  readonly #context: CliContext;
  readonly #site: Site;
  readonly #options: Options;
  readonly #applied: object[] = [];
  #changed = 0;

  constructor(context: CliContext, site: Site, options: Options) {
    this.#context = context;
    this.#site = site;
    this.#options = options;
  }

  begin(followed: readonly Cutover[]): void {
    if (this.#options.json || this.#options.once) return;
    this.#context.print(`Following ${followed.length} lists in ${this.#site.path}; Ctrl-C ends it.`);
  }

  add({ cutover, followed }: FollowedList): void {
    const text = describeFollowed(followed);
    const isFailed = followed.kind === 'failed';
    if (isFailed) this.#context.setExitStatus(1);
    else if (text !== '') this.#changed += 1;
    const entry = {
      list: cutover.mailman2Name,
      at: utcNow(),
      ...(isFailed ? { problem: followed.problem } : { applied: text, lag_ms: Math.round(followed.lagMs) }),
    };
    this.#applied.push(entry);
    if (this.#options.json) {
      if (!this.#options.once) this.#context.print(JSON.stringify(entry));
      return;
    }
    if (isFailed) {
      this.#context.warn(`${cutover.mailman2Name}: ${text}`);
      return;
    }
    const lag = ` (${(followed.lagMs / 1000).toFixed(1)} s after the change)`;
    this.#context.print(`${cutover.mailman2Name}: ${text === '' ? 'as it is here' : `${text}${lag}`}`);
  }

  end(followed: readonly Cutover[]): void {
    const lags = followed.map((cutover) => lagOf(this.#site, cutover, Date.now()));
    const lag = Math.round(Math.max(0, ...lags));
    if (!this.#options.once) return;
    if (this.#options.json) {
      this.#context.printJson({
        source: this.#site.path,
        lists: followed.length,
        applied: this.#applied,
        lag_ms: lag,
      });
      return;
    }
    const state = lag === 0 ? 'up to date' : `${(lag / 1000).toFixed(1)} s behind`;
    this.#context.print(
      `${followed.length} ${followed.length === 1 ? 'list' : 'lists'}, ${this.#changed} changed, ${state}`,
    );
  }
}

/** Those that have come over and are Mailman 2's; others are named. @throws UsageError where a list is led from here */
async function followedLists(
  connection: Connection,
  site: Site,
  names: readonly string[],
  domainOf: DomainOf,
  context: CliContext,
): Promise<Cutover[]> {
  const found: Cutover[] = [];
  for (const name of names) {
    const list = await findList(connection, addressOf(site, name, domainOf, context) ?? '');
    if (!list) {
      context.warn(`${name} has not come over; "mailman migrate run" does it`);
      continue;
    }
    const cutover = await findCutover(connection, list.listId);
    if (cutover && !isMailman2InCharge(cutover.stage)) {
      context.warn(`${name} is in the stage ${cutover.stage}: what Mailman 2 says of it no longer counts`);
      continue;
    }
    found.push(cutover ?? unnoted(list.listId, name));
  }
  return found;
}

/** A list of which nothing is noted: how far it was followed is known to this process only. */
function unnoted(listId: string, name: string): Cutover {
  return {
    ...{ listId, stage: 'legacy', since: utcNow(), mailman2Name: name, mailman2Domain: '' },
    ...{
      isHandingOver: false,
      isFrozen: false,
      changing: null,
      command: null,
      importedAt: null,
      verified: null,
      followed: {},
    },
  };
}

function addressOf(site: Site, name: string, domainOf: DomainOf, context: CliContext): string | undefined {
  try {
    return targetAddress(site, openSourceList(site, name), domainOf);
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    context.warn(error.message);
    context.setExitStatus(1);
    return undefined;
  }
}

/**
 * As they are noted now; a list that has gone on to be led from here is left out.
 * @param known of those that are not noted
 */
async function refreshed(
  connection: Connection,
  followed: readonly Cutover[],
  known: ReadonlyMap<string, FollowState>,
): Promise<Cutover[]> {
  const noted = await allCutovers(connection);
  return followed.flatMap((cutover) => {
    const { listId } = cutover;
    const current = noted.get(listId) ?? { ...cutover, followed: { ...known.get(listId) } };
    return isMailman2InCharge(current.stage) ? [current] : [];
  });
}

function stopOnSignal(): AbortController {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller;
}

import { serverBlockers } from '../../compat/cutover/blockers.ts';
import { siteIfThere } from '../../compat/cutover/services-context.ts';
import { type CutoverStatus, cutoverStatus } from '../../compat/cutover/status.ts';
import type { Traffic } from '../../compat/cutover/traffic.ts';
import { findList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import { isMailman2InCharge } from '../model/cutover.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';
import { NothingMovesError } from './cutover-context.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman cutover status` */
export const status: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Show the stage of each list, who delivers to how many, how far it is behind, what both did with the posts of the ' +
          'last day, what is next, and what is in the way of that.',
      )
      .argument('[LISTSPEC...]', 'Only these lists.')
      .option('--json', 'Show it as JSON.')
      .action(async (listSpecs: readonly string[], { json }: Options) => {
        const found = await context.withDatabase(async (database) => {
          const config = context.config();
          const services = { config, database, clock: { now: utcNow } };
          const { site, problem } = siteIfThere(config);
          const listIds: string[] = [];
          for (const listSpec of listSpecs) {
            const list = await findList(database.connection, listSpec);
            if (!list) throw new UsageError(`No such list: ${listSpec}`);
            listIds.push(list.listId);
          }
          const all = await cutoverStatus(services, site, listSpecs.length > 0 ? listIds : undefined);
          // Of those that have left it, Mailman 2 may be gone.
          if (problem && all.length === 0) throw problem;
          if (problem && all.some(({ stage }) => stage !== 'retired')) context.warn(problem.message);
          const moving = all.find(({ stage }) => isMailman2InCharge(stage));
          const server = moving ? await serverBlockers(services, moving.list) : [];
          return all.map((one) =>
            isMailman2InCharge(one.stage) ? { ...one, blocked: [...server, ...one.blocked] } : one,
          );
        });
        if (json) context.printJson(found);
        else if (found.length === 0) context.warn(new NothingMovesError().message);
        else for (const line of found.flatMap(describe)) context.print(line);
      });
  },
};

/** Behind by more than a server that works ever is, in milliseconds. */
const LONG_LAG = 10_000;

function lagText(lag: number | null): string {
  if (lag === null) return '';
  if (lag === 0) return ', up to date';
  const hint = lag > LONG_LAG ? ' (does the server run? "mailman status")' : '';
  return `, ${(lag / 1000).toFixed(1)} s behind${hint}`;
}

function describe(found: CutoverStatus): string[] {
  const { list, stage, since, members, handed_over, handing_over, lag_ms, problem, next, blocked } = found;
  const shares =
    stage === 'alongside' ? `, ${handed_over} of ${members} members handed over` : `, ${members} members`;
  return [
    `${list}: ${stage} since ${since.slice(0, 19)}Z${shares}${lagText(lag_ms)}${next ? `, next: ${next}` : ''}`,
    ...(handing_over ? ['  members are changing sides; new posts wait'] : []),
    ...trafficLines(found.traffic),
    ...blocked.map((text) => `  in the way of the next step: ${text}`),
    ...(problem ? [`  Mailman 2's files cannot be followed: ${problem}`] : []),
  ];
}

function trafficLines({ posts, compared, alike, by_mailman2, by_ferryman }: Traffic): string[] {
  if (posts === 0) return [];
  const decided = compared === 0 ? 'not compared yet' : `${alike} of ${compared} decided alike`;
  return [
    `  last day: ${posts} ${posts === 1 ? 'post' : 'posts'} came to both, ${decided}; copies: ${by_mailman2} by Mailman 2, ${by_ferryman} from here`,
  ];
}

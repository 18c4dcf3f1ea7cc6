import { utcNow } from '../model/time.ts';
import { openLogs } from '../server/logs.ts';
import { systemResolver } from '../server/resolver.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `mailman gatenews` */
export const gatenews: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Bring new articles of newsgroups to their lists now; a running server does so by itself, as [nntp] gatenews_every says.',
      )
      .option('-v, --verbose', 'Show how many articles each list got.')
      .option('--json', 'Show it as JSON.')
      .action(async (options: Options) => {
        const { gateNews } = await import('../news/gate.ts');
        const { NewsTroubleError } = await import('../news/errors.ts');
        const config = context.config();
        const logs = openLogs(config);
        const results = await context
          .withDatabase((database) =>
            gateNews({
              config,
              database,
              clock: { now: utcNow },
              log: logs.log,
              resolver: systemResolver(config),
            }),
          )
          .finally(() => logs.close());
        if (options.json)
          context.printJson(
            results.map(({ listId, posted, error }) => ({ list_id: listId, posted, error: error ?? null })),
          );
        else if (options.verbose)
          for (const { listId, posted } of results) context.print(`${listId}: ${posted} articles`);
        const failed = results.filter(({ error }) => error !== undefined);
        if (failed.length > 0)
          throw new NewsTroubleError(failed.map(({ listId, error }) => `${listId}: ${error}`).join('\n'));
      });
  },
};

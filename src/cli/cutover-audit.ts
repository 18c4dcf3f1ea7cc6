import { type AuditEntry, auditOf } from '../database/cutover-audit.ts';
import { findList } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly json?: boolean;
}

/** `mailman cutover audit` */
export const audit: CliCommand = {
  define: (command, context) => {
    command
      .description('Show who did what to a list on its way from Mailman 2, when, and with what result.')
      .argument('<LISTSPEC>', 'The posting address or List-Id of the list.')
      .option('--json', 'Show it as JSON.')
      .action(async (listSpec: string, { json }: Options) => {
        const trail = await context.withDatabase(async ({ connection }) => {
          const list = await findList(connection, listSpec);
          if (!list) throw new UsageError(`No such list: ${listSpec}`);
          return auditOf(connection, list.listId);
        });
        if (json) {
          context.printJson(trail);
          return;
        }
        for (const { doneAt, who, action, outcome, details } of trail) {
          context.print(`${doneAt.slice(0, 19)}Z ${who} ${action} ${outcome}${explain(details)}`);
        }
      });
  },
};

/** Why it was refused, or what it did. */
function explain({ reason, did }: AuditEntry['details']): string {
  if (typeof reason === 'string') return `: ${reason.split('\n')[0]}`;
  return Array.isArray(did) && did.length > 0 ? `: ${did.join('; ')}` : '';
}

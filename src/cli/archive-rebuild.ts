import { listTraits } from '../archiving/list-traits.ts';
import type { Archive } from '../archiving/store/archive.ts';
import { prepareMessage } from '../archiving/store/prepare.ts';
import type { ArchivedList } from '../archiving/store/types.ts';
import { allLists } from '../database/lists.ts';
import { UsageError } from '../errors.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { CliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openProgress } from './progress.ts';
import { namedArchive, withArchive } from './with-archive.ts';

interface Options {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `mailman archive rebuild` */
export const archiveRebuild: CliCommand = {
  define: (command, context) => {
    command
      .description(
        'Make threads, index and months of a list anew from the original messages. Addresses stay. Stopped half-way, run it again.',
      )
      .argument('[LISTSPEC]', 'Posting address or List-Id of the list.')
      .option('-a, --all', 'All lists.')
      .option('--json', 'Report as JSON.')
      .action(async (listSpec: string | undefined, { all, json }: Options) => {
        if ((listSpec === undefined) === (all !== true)) throw new UsageError('Name a list, or give --all.');
        keepMemoryLean();
        const lists = new Map(
          (await context.withDatabase(({ connection }) => allLists(connection))).map((list) => [
            list.listId,
            list,
          ]),
        );
        const done = await withArchive(context, async (archive) => {
          const archived =
            listSpec === undefined ? await archive.lists() : [await namedArchive(context, archive, listSpec)];
          const results = [];
          for (const list of archived)
            results.push(await rebuild(context, archive, list, lists.get(list.listId)));
          return results;
        });
        if (json) context.printJson(done);
        else
          for (const { list_id, messages, threads } of done)
            context.print(`${list_id}: ${messages} messages in ${threads} threads`);
      });
  },
};

async function rebuild(
  context: CliContext,
  archive: Archive,
  archived: ArchivedList,
  list: MailingList | undefined,
) {
  // Of a list that is gone, nobody knows the prefix and the language.
  const traits = list ? listTraits(context.config(), list) : { subjectPrefix: '', charsets: [] };
  const progress = openProgress(`Rebuilding ${archived.listId}`);
  const { messages: total } = archived;
  await archive
    .rebuild(
      archived.id,
      (message) => prepareMessage(message, traits, undefined),
      (done) => progress.report(done, total),
    )
    .finally(progress.stop);
  const after = await archive.list(archived.listId);
  return { list_id: archived.listId, messages: after?.messages ?? 0, threads: after?.threads ?? 0 };
}

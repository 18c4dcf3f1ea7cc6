import { listsUnderWay } from '../../compat/cutover/lists-under-way.ts';
import { noteVerified } from '../../compat/cutover/note-verified.ts';
import { type Verified, verifyList } from '../../migrate/verify/verify-list.ts';
import { utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openSource, type SourceOptions, takeSource } from './migrate-source.ts';
import { openProgress } from './progress.ts';

/** Of one list, for people; all are in `--json`. */
const MOST_SHOWN = 20;

/** `mailman migrate verify` */
export const verify: CliCommand = {
  define: (command, context) => {
    takeSource(command)
      .description(
        'Read a Mailman 2.1 site and what has come over of it again, and compare them field by field and message by ' +
          'message. Exit status 1 where anything differs.',
      )
      .action(async (path: string, options: SourceOptions) => {
        const { site, lists, domainOf } = openSource(path, options);
        keepMemoryLean();
        const progress = openProgress('Comparing');
        const verified: Verified[] = [];
        const left = await context.withDatabase(async ({ connection }) => {
          const underWay = (await listsUnderWay(connection)).filter(({ name }) => lists.includes(name));
          for (const [index, name] of lists.entries()) {
            if (underWay.some((one) => one.name === name)) continue;
            progress.report(index, lists.length);
            const found = await verifyList(connection, site, name, { domainOf, now: utcNow() });
            await noteVerified(connection, context.config(), site, found, utcNow());
            verified.push(found);
          }
          return underWay;
        });
        progress.stop();
        for (const { list, stage } of left)
          context.warn(
            `${list} is in the stage ${stage}: Mailman 2's files no longer tell all of it; not compared`,
          );
        const total = verified.reduce((sum, { differences }) => sum + differences.length, 0);
        if (options.json) context.printJson({ source: site.path, differences: total, lists: verified, left });
        else {
          for (const line of verified.flatMap(format)) context.print(line);
          context.print('');
          context.print(`${counted(verified.length, 'list')}, ${counted(total, 'difference')}`);
        }
        if (total > 0) context.setExitStatus(1);
      });
  },
};

/** `1 member`, `2 members` */
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function format({ name, list, compared, decided_here, damaged_there, differences }: Verified): string[] {
  const { settings, members, held_posts, requests, tokens, digest_posts } = compared;
  const decided = decided_here > 0 ? `; ${decided_here} decided here since` : '';
  const lines = [
    differences.length === 0
      ? `${list}: the same (${[
          ...[counted(settings, 'setting'), counted(members, 'member'), counted(held_posts, 'held post')],
          ...[counted(requests, 'request'), counted(tokens, 'confirmation')],
          counted(digest_posts, 'digest post'),
        ].join(', ')})${decided}`
      : `${list ?? name}: ${counted(differences.length, 'difference')}${decided}`,
  ];
  for (const subject of damaged_there)
    lines.push(`    ${JSON.stringify(subject)} is damaged there, and could not come over`);
  for (const { subject, source, here } of differences.slice(0, MOST_SHOWN))
    lines.push(
      source === null && here === null
        ? `    ${subject}`
        : `    ${subject}: there ${source ?? 'nothing'}, here ${here ?? 'nothing'}`,
    );
  if (differences.length > MOST_SHOWN) lines.push(`    and ${differences.length - MOST_SHOWN} more`);
  return lines;
}

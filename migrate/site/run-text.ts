import type { Changes, Note } from '../import21/report.ts';
import type { RunReport } from './run.ts';
import { type ListOutcome, outcomeChangedNothing } from './run-list.ts';

const MOST_NOTES = 10;

/** The lines of the report of `migrate run` for people. */
export function formatRun(report: RunReport): string[] {
  const { lists, failed, site, dry_run, seconds } = report;
  const members = lists.reduce((sum, { config }) => sum + total(config?.members), 0);
  return [
    ...lists.flatMap(formatList),
    ...failed.map(({ problem }) => `FAILED ${problem}`),
    ...(site.passwords.length > 0 ? [`site passwords: ${site.passwords.join(', ')}`] : []),
    ...(site.templates > 0 ? [`site templates: ${site.templates}`] : []),
    ...formatNotes(site.notes),
    '',
    [
      `${dry_run ? 'Would bring' : 'Brought'} ${lists.length} ${lists.length === 1 ? 'list' : 'lists'} with ${members} ${members === 1 ? 'member' : 'members'} over`,
      ...(failed.length > 0 ? [`${failed.length} failed`] : []),
      `${seconds.toFixed(1)} s`,
    ].join(', '),
  ];
}

function formatList(outcome: ListOutcome): string[] {
  if (outcomeChangedNothing(outcome)) return [`${outcome.list}: unchanged`];
  const { config, confirmations } = outcome;
  const parts = [
    config === undefined ? '' : `${total(config.members)} members`,
    count('held posts', outcome.held_posts),
    count('held subscriptions', outcome.held_subscriptions),
    count('held unsubscriptions', outcome.held_unsubscriptions),
    count('confirmations', confirmations.changes),
    confirmations.expired > 0 ? `${confirmations.expired} confirmations expired` : '',
    count('posts of the next digest', outcome.digest_posts),
    count('bounces', outcome.bounces),
    outcome.queued ? count('queued messages', outcome.queued) : '',
  ].filter((part) => part !== '');
  const verb = outcome.created ? 'new' : 'updated';
  return [
    `${outcome.list}: ${verb}; ${parts.join(', ')}`,
    ...formatNotes([...(config?.notes ?? []), ...outcome.notes]),
  ];
}

/** Only what somebody has to look at: the rest is in `--json`, and in `migrate inspect`. */
function formatNotes(notes: readonly Note[]): string[] {
  const needed = notes.filter(({ kind }) => kind === 'needs_person');
  const shown = needed.slice(0, MOST_NOTES).map(({ subject, text }) => `    ! ${subject}: ${text}`);
  return needed.length > MOST_NOTES ? [...shown, `    ! and ${needed.length - MOST_NOTES} more`] : shown;
}

function count(label: string, { added, updated, removed }: Changes): string {
  const parts = [
    added > 0 ? String(added) : '',
    updated > 0 ? `${updated} changed` : '',
    removed > 0 ? `${removed} gone` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${label}: ${parts.join(', ')}`;
}

function total(changes: Changes | undefined): number {
  return changes ? changes.added + changes.updated + changes.unchanged : 0;
}

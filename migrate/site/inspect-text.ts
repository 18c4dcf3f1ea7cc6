import type { Finding } from './findings.ts';
import type { SiteReport } from './inspect.ts';
import type { ListReport } from './inspect-list.ts';

/** The lines of `migrate inspect` for people. */
export function formatInspection(report: SiteReport): string[] {
  const { totals, mm_cfg, estimate_seconds } = report;
  return [
    `Mailman 2.1 site in ${report.source}; settings from ${mm_cfg.path ?? 'nowhere (no mm_cfg.py found)'}`,
    '',
    ...row(
      'lists',
      `${totals.lists}${totals.broken_lists > 0 ? ` (${totals.broken_lists} cannot be opened)` : ''}`,
    ),
    ...row('domains', report.domains.map(({ mail_host, lists }) => `${mail_host} (${lists})`).join(', ')),
    ...row('members', String(totals.members)),
    ...row('held posts', String(totals.held_posts)),
    ...row('held requests', String(totals.held_requests)),
    ...row('confirmations', String(totals.confirmations)),
    ...row('digest posts', String(totals.digest_posts)),
    ...row('queued', report.queues.map(({ queue, messages }) => `${queue} ${messages}`).join(', ') || 'none'),
    ...row('bounces', `${report.bounce_events} to be counted`),
    ...row('archives', formatBytes(totals.archive_bytes)),
    ...row('passwords', passwords(report)),
    ...row(
      'time needed',
      `${formatSeconds(estimate_seconds.lists)} for the lists, ${formatSeconds(estimate_seconds.archives)} for the archives`,
    ),
    '',
    ...table(report.lists),
    ...settings(report),
    ...findings('Needs a decision:', report.findings, 'decision'),
    ...findings('Works otherwise than before:', report.findings, 'change'),
  ];
}

/** `12.3 MB` */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `3 min 20 s` */
export function formatSeconds(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round(seconds % 60);
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

function row(label: string, value: string): string[] {
  return [`  ${label.padEnd(15)}${value}`];
}

function passwords({ site_passwords }: SiteReport): string {
  const set = Object.entries(site_passwords).flatMap(([role, isSet]) => (isSet ? [role] : []));
  return set.length === 0 ? 'none for the site' : `site: ${set.join(', ')}`;
}

function table(lists: readonly ListReport[]): string[] {
  const heading = ['list', 'members', 'held', 'requests', 'tokens', 'archive'];
  const rows = lists.map((list) =>
    list.problem === null
      ? [
          list.address ?? list.name,
          String(list.members),
          String(list.held_posts),
          String(list.held_subscriptions + list.held_unsubscriptions),
          String(list.confirmations),
          formatBytes(list.archive.mbox_bytes),
        ]
      : [list.name, 'cannot be opened', '', '', '', formatBytes(list.archive.mbox_bytes)],
  );
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  return [heading, ...rows].map((cells) =>
    `  ${cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')}`.trimEnd(),
  );
}

function settings({ mm_cfg }: SiteReport): string[] {
  const suggested = mm_cfg.settings.filter(({ fate }) => fate === 'suggested');
  if (suggested.length === 0) return [];
  return ['', 'For mailman.cfg, after mm_cfg.py:', ...suggested.map(({ text }) => `  ${text}`)];
}

function findings(heading: string, all: readonly Finding[], kind: Finding['kind']): string[] {
  const own = all.filter((finding) => finding.kind === kind);
  if (own.length === 0) return [];
  return [
    '',
    heading,
    ...own.map(({ list, subject, text }) => `  ${list === null ? '' : `${list}: `}${subject}: ${text}`),
  ];
}

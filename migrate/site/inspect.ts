import { join } from 'node:path';
import type { UtcTime } from '../../src/model/time.ts';
import { Notes } from '../import21/report.ts';
import { loadQueues } from '../queues/apply-queues.ts';
import { NO_BOUNCES, readBounceFiles } from '../queues/bounce-files.ts';
import { queueFiles } from '../queues/queue-files.ts';
import { type Aliases, readAliases } from './aliases.ts';
import { attempt } from './attempt.ts';
import type { Finding } from './findings.ts';
import { type InspectContext, inspectList, type ListReport } from './inspect-list.ts';
import { nameClashes } from './name-clashes.ts';
import { type Site, siteListName, sitePasswords } from './site.ts';
import { type SettingFate, settingFates } from './site-settings.ts';
import { readSiteTemplates } from './site-templates.ts';
import { namesIn } from './source-file.ts';

/** All of a site, as `--json` shows it. Nothing was written to find it out. */
export interface SiteReport {
  readonly source: string;
  readonly inspected_at: UtcTime;
  readonly mm_cfg: {
    readonly path: string | null;
    readonly settings: readonly SettingFate[];
    readonly virtual_hosts: Readonly<Record<string, string>>;
    readonly not_understood: readonly { readonly line: number; readonly text: string }[];
  };
  readonly site_list: string;
  readonly domains: readonly {
    readonly mail_host: string;
    readonly lists: number;
    readonly members: number;
  }[];
  readonly lists: readonly ListReport[];
  readonly folders_without_list: readonly string[];
  readonly queues: readonly { readonly queue: string; readonly messages: number }[];
  readonly bounce_events: number;
  readonly site_passwords: { readonly admin: boolean; readonly creator: boolean };
  readonly aliases: Aliases;
  readonly site_templates: number;
  readonly totals: Totals;
  /** How long `migrate run` will take, by what this machine does in a second; the archives come on top. */
  readonly estimate_seconds: { readonly lists: number; readonly archives: number };
  readonly findings: readonly Finding[];
}

/** Sums over all lists. */
export interface Totals {
  readonly lists: number;
  readonly broken_lists: number;
  readonly members: number;
  readonly held_posts: number;
  readonly held_requests: number;
  readonly confirmations: number;
  readonly digest_posts: number;
  readonly queued: number;
  readonly archive_bytes: number;
}

/** What one core does in a second, with a good part of it to spare. */
const LISTS_PER_SECOND = 50;
const MEMBERS_PER_SECOND = 10_000;
const MESSAGES_PER_SECOND = 500;
const ARCHIVE_BYTES_PER_SECOND = 2_000_000;

/** Of the notes of one list on one subject, this many are told one by one. */
const MOST_OF_A_KIND = 3;

const NO_ALIASES: Aliases = { files: [], missing: [], stale: [] };

/**
 * @param lists names of those to look at
 * @param nameCharacters what the names of lists may consist of here
 * @param progress called before each list
 */
export function inspectSite(
  context: InspectContext,
  lists: readonly string[],
  nameCharacters: string,
  progress: (done: number, total: number) => void,
): SiteReport {
  const { site, now } = context;
  const reports = lists.map((name, index) => {
    progress(index, lists.length);
    return inspectList(context, name);
  });
  const notes = new Notes();
  const files = attempt(notes, 'queues', () => queueFiles(site)) ?? [];
  const bounces = attempt(notes, 'bounce events', () => readBounceFiles(site)) ?? NO_BOUNCES;
  const queued = loadQueues(files, notes);
  for (const problem of bounces.problems) notes.needsPerson('bounce events', problem);
  const templates = attempt(notes, 'templates', () => readSiteTemplates(site, notes)) ?? [];
  const aliases = attempt(notes, 'aliases', () => readAliases(site)) ?? NO_ALIASES;
  const passwords = attempt(notes, 'passwords', () => sitePasswords(site));
  const settings = settingFates(site);
  const stray =
    attempt(notes, 'held messages', () => strayFindings(site, [...queued.keys()], reports, lists)) ?? [];
  const totals = sum(reports, files.length);
  return {
    source: site.path,
    inspected_at: now,
    mm_cfg: {
      path: site.mmCfgPath ?? null,
      settings,
      virtual_hosts: Object.fromEntries(site.mmCfg.virtualHosts),
      not_understood: site.mmCfg.notUnderstood,
    },
    site_list: siteListName(site),
    domains: domainsOf(reports),
    lists: reports,
    folders_without_list: site.foldersWithoutList,
    queues: [...Map.groupBy(files, ({ queue }) => queue)].map(([queue, { length }]) => ({
      queue,
      messages: length,
    })),
    bounce_events: bounces.bounces.length,
    site_passwords: {
      admin: passwords?.admin !== undefined,
      creator: passwords?.creator !== undefined,
    },
    aliases,
    site_templates: templates.reduce((count, { templates: each }) => count + each.length, 0),
    totals,
    estimate_seconds: {
      lists: Math.ceil(
        totals.lists / LISTS_PER_SECOND +
          totals.members / MEMBERS_PER_SECOND +
          (totals.held_posts + totals.held_requests + totals.digest_posts + totals.queued) /
            MESSAGES_PER_SECOND,
      ),
      archives: Math.ceil(totals.archive_bytes / ARCHIVE_BYTES_PER_SECOND),
    },
    findings: [
      ...siteFindings(site, settings, aliases, notes),
      ...stray,
      ...nameClashes(
        reports.flatMap(({ name, address }) => (address === null ? [] : [{ name, address }])),
        nameCharacters,
      ),
      ...reports.flatMap(listFindings),
    ],
  };
}

function siteFindings(
  site: Site,
  settings: readonly SettingFate[],
  aliases: Aliases,
  notes: Notes,
): Finding[] {
  const decide = (subject: string, text: string): Finding => ({
    kind: 'decision',
    list: null,
    subject,
    text,
  });
  return [
    ...(site.mmCfgPath === undefined
      ? [decide('mm_cfg.py', 'not found beside the site; say where it is with --mm-cfg')]
      : []),
    ...site.mmCfg.notUnderstood.map(({ line, text }) =>
      decide('mm_cfg.py', `line ${line} is a program, and was not run: ${text.split('\n')[0]}`),
    ),
    ...settings.filter(({ fate }) => fate === 'decision').map(({ name, text }) => decide(name, text)),
    ...site.foldersWithoutList.map((name) => decide('lists', `the folder ${name} holds no list`)),
    ...aliases.stale.map((name) => decide('aliases', `${name} has addresses but is no list`)),
    ...notes.all.map(({ subject, text }) => decide(subject, text)),
  ];
}

/** Messages and files that belong to no list. */
function strayFindings(
  site: Site,
  queued: readonly string[],
  reports: readonly ListReport[],
  inspected: readonly string[],
): Finding[] {
  const stray = queued.filter((name) => !site.listNames.includes(name));
  const findings = stray.map(
    (name): Finding => ({
      kind: 'decision',
      list: null,
      subject: 'queues',
      text: `messages for ${name || 'no list'}, which is not there`,
    }),
  );
  if (inspected.length < site.listNames.length) return findings;
  const opened = new Set(reports.filter(({ problem }) => problem === null).map(({ name }) => name));
  const files = namesIn(join(site.path, 'data')).flatMap((file) => {
    const [, list = ''] = /^heldmsg-(.+)-\d+\.(?:pck|txt)$/.exec(file) ?? [];
    return list !== '' && !opened.has(list) ? [file] : [];
  });
  return [
    ...findings,
    ...files.map(
      (file): Finding => ({
        kind: 'decision',
        list: null,
        subject: 'held messages',
        text: `data/${file} belongs to no list that can be opened; it is left out`,
      }),
    ),
  ];
}

/** Many notes of one kind are told as one. */
function listFindings({ name, problem, damaged, notes }: ListReport): Finding[] {
  const finding = (kind: Finding['kind'], subject: string, text: string): Finding => ({
    kind,
    list: name,
    subject,
    text,
  });
  const groups = Map.groupBy(
    notes.filter(({ kind }) => kind !== 'kept_aside'),
    ({ kind, subject }) => `${kind} ${subject.replace(/ (?:of )?member .*$/, '')}`,
  );
  return [
    ...(problem === null ? [] : [finding('decision', 'config.pck', problem)]),
    ...damaged.map((text) => finding('decision', 'config.pck', `${text}; the backup beside it counts`)),
    ...[...groups.values()].flatMap((group) => {
      const shown = group.length > MOST_OF_A_KIND ? group.slice(0, 1) : group;
      return shown.map(({ kind, subject, text }) =>
        finding(
          kind === 'needs_person' || subject === 'umbrella_list' ? 'decision' : 'change',
          subject,
          group.length > MOST_OF_A_KIND ? `${text}; and ${group.length - 1} more like it` : text,
        ),
      );
    }),
  ];
}

function domainsOf(reports: readonly ListReport[]): SiteReport['domains'] {
  const byDomain = Map.groupBy(
    reports.filter(({ address }) => address !== null),
    ({ address }) => address?.slice(address.lastIndexOf('@') + 1) ?? '',
  );
  return [...byDomain]
    .map(([mail_host, lists]) => ({
      mail_host,
      lists: lists.length,
      members: lists.reduce((count, { members }) => count + members, 0),
    }))
    .sort((one, other) => (one.mail_host < other.mail_host ? -1 : 1));
}

function sum(reports: readonly ListReport[], queued: number): Totals {
  const total = (of: (report: ListReport) => number) =>
    reports.reduce((count, report) => count + of(report), 0);
  return {
    lists: reports.length,
    broken_lists: total(({ problem }) => (problem === null ? 0 : 1)),
    members: total(({ members }) => members),
    held_posts: total(({ held_posts }) => held_posts),
    held_requests: total(
      ({ held_subscriptions, held_unsubscriptions }) => held_subscriptions + held_unsubscriptions,
    ),
    confirmations: total(({ confirmations }) => confirmations),
    digest_posts: total(({ digest_posts }) => digest_posts),
    queued,
    archive_bytes: total(({ archive }) => archive.mbox_bytes),
  };
}

import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { roles } from '../../src/model/enums.ts';
import { postingAddress } from '../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { type Requests, readHeldMessage, readRequests } from '../held/requests.ts';
import { convertConfig } from '../import21/convert.ts';
import { readListDir } from '../import21/list-dir.ts';
import type { Note } from '../import21/report.ts';
import { readConfirmations } from '../pending/confirmations.ts';
import { numberOf } from '../pickle/values.ts';
import { type ArchiveSize, archiveSize } from './archives.ts';
import { attempt } from './attempt.ts';
import { digestPosts } from './digest-posts.ts';
import type { Site } from './site.ts';
import {
  configText,
  type DomainOf,
  openSourceList,
  reasonBesideName,
  type SourceList,
  targetName,
} from './source-list.ts';
import { unknownDomain } from './unknown-domain.ts';

/** A list as `migrate inspect` describes it. */
export interface ListReport {
  readonly name: string;
  /** Where it goes; null for a list that cannot be opened. */
  readonly address: string | null;
  /** Why it cannot be opened. */
  readonly problem: string | null;
  /** Files that were damaged, though the list can be opened. */
  readonly damaged: readonly string[];
  readonly description: string;
  readonly language: string;
  readonly charset: string;
  readonly members: number;
  readonly digest_members: number;
  readonly disabled: number;
  readonly owners: number;
  readonly moderators: number;
  readonly nonmembers: number;
  readonly last_post_at: UtcTime | null;
  readonly held_posts: number;
  /** Held posts whose message is missing or damaged. */
  readonly held_posts_lost: number;
  readonly held_subscriptions: number;
  readonly held_unsubscriptions: number;
  readonly confirmations: number;
  readonly confirmations_expired: number;
  readonly digest_posts: number;
  readonly templates: readonly string[];
  readonly archive: ArchiveSize;
  /** What changes meaning, is kept without effect, or needs a person. */
  readonly notes: readonly Note[];
}

/** What a list is looked at with. */
export interface InspectContext {
  readonly site: Site;
  readonly domainOf: DomainOf;
  readonly languages: ReadonlySet<string>;
  readonly now: UtcTime;
}

/** Reads all of a list and says what would become of it. Never fails. */
export function inspectList(context: InspectContext, name: string): ListReport {
  const { site } = context;
  try {
    return describe(context, openSourceList(site, name));
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    return {
      name,
      address: null,
      problem: reasonBesideName(error),
      damaged: [],
      description: '',
      language: '',
      charset: '',
      members: 0,
      digest_members: 0,
      disabled: 0,
      owners: 0,
      moderators: 0,
      nonmembers: 0,
      last_post_at: null,
      held_posts: 0,
      held_posts_lost: 0,
      held_subscriptions: 0,
      held_unsubscriptions: 0,
      confirmations: 0,
      confirmations_expired: 0,
      digest_posts: 0,
      templates: [],
      archive: archiveSize(site, name),
      notes: [],
    };
  }
}

function describe({ site, domainOf, languages, now }: InspectContext, source: SourceList): ListReport {
  const target = targetName(site, source, domainOf);
  const plan = convertConfig(source.config, { list: target, charset: undefined, languages });
  const context = { welcome: plan.welcomeText, webPageUrl: plan.settings.web_page_url ?? '' };
  const templates =
    attempt(plan.notes, 'templates', () => readListDir(source.folder, context, plan.notes)) ?? [];
  const domain = unknownDomain(site, source.name, target.mailHost, domainOf);
  if (domain !== undefined) plan.notes.needsPerson('host_name', domain);
  const counted = countPeople(plan.members());
  const requests = attempt(plan.notes, 'request.pck', () => readRequests(source)) ?? NO_REQUESTS;
  const confirmations = attempt(plan.notes, 'pending.pck', () => readConfirmations(source));
  const known = confirmations?.known ?? [];
  const live = known.filter(({ expires }) => (utcFromEpoch(expires) ?? '') > now);
  for (const { where, problem } of plan.texts.misread) plan.notes.needsPerson(where, problem);
  const lost = requests.posts.filter(
    ({ file }) =>
      attempt(plan.notes, 'held message', () => readHeldMessage(join(site.path, 'data'), file)) === undefined,
  );
  const lastPost = numberOf(source.config.get('last_post_time')) ?? 0;
  const digest = attempt(plan.notes, 'digest.mbox', () => digestPosts(source)) ?? [];
  const archive = archiveSize(site, source.name);
  if (archive.problem !== null) plan.notes.needsPerson('archive', archive.problem);
  return {
    name: source.name,
    address: postingAddress(target),
    problem: null,
    damaged: source.damaged,
    description: configText(source, 'description') ?? '',
    language: configText(source, 'preferred_language') ?? '',
    charset: source.texts.charset,
    ...counted,
    last_post_at: lastPost > 0 ? (utcFromEpoch(lastPost) ?? null) : null,
    held_posts: requests.posts.length,
    held_posts_lost: lost.length,
    held_subscriptions: requests.subscriptions.length,
    held_unsubscriptions: requests.unsubscriptions.length,
    confirmations: live.length,
    confirmations_expired: known.length - live.length,
    digest_posts: digest.length,
    templates: [...plan.templates, ...templates].map(({ name, language }) =>
      language ? `${name} (${language})` : name,
    ),
    archive,
    notes: plan.notes.all,
  };
}

const NO_REQUESTS: Requests = { posts: [], subscriptions: [], unsubscriptions: [], odd: [] };

function countPeople(members: ReturnType<ReturnType<typeof convertConfig>['members']>) {
  const byRole = new Map(roles.map((role) => [role, 0]));
  let digest = 0;
  let disabled = 0;
  for (const { role, preferences } of members) {
    byRole.set(role, (byRole.get(role) ?? 0) + 1);
    if (role !== 'member') continue;
    if (preferences.delivery_mode !== 'regular') digest += 1;
    if (preferences.delivery_status !== 'enabled') disabled += 1;
  }
  return {
    members: byRole.get('member') ?? 0,
    digest_members: digest,
    disabled,
    owners: byRole.get('owner') ?? 0,
    moderators: byRole.get('moderator') ?? 0,
    nonmembers: byRole.get('nonmember') ?? 0,
  };
}

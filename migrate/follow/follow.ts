import { type Cutover, findCutover, updateFollowed } from '../../src/database/cutover.ts';
import type { Connection, Database } from '../../src/database/handle.ts';
import { findList, lockList, updateList } from '../../src/database/lists.ts';
import { despiteRivals } from '../../src/database/rivals.ts';
import { FerrymanError } from '../../src/errors.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import { type ListOutcome, type RunListOptions, runList } from '../site/run-list.ts';
import type { Site } from '../site/site.ts';
import { reasonBesideName } from '../site/source-list.ts';
import { fingerprintOf } from './fingerprint.ts';
import { HandedOverMembers } from './handed-over-members.ts';

/** What following a list takes; queues and bounce events stay with Mailman 2.1. */
export type FollowOptions = Omit<
  RunListOptions,
  'bounces' | 'queued' | 'progress' | 'domainOf' | 'reconciler'
>;

/** How long what could not be read is left alone before it is tried again, in milliseconds. */
const RETRY_MS = 10_000;

/** How far the copy of a list is behind. */
export interface FollowState {
  /** Of the files as they were when they were read last. */
  readonly fingerprint: string;
  /** When that was, in milliseconds since 1970. */
  readonly appliedAt: number;
  /** When the change that was applied last had been made; of files that are gone, when that was seen. */
  readonly changedAt: number;
  /** Why the files could not be read; null where they could. */
  readonly problem: string | null;
}

/** What became of one look at a list. */
export type Followed =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'applied';
      readonly outcome: ListOutcome;
      readonly lagMs: number;
      readonly state: FollowState;
    }
  | { readonly kind: 'failed'; readonly problem: string };

/** What is known about the last look; undefined before the first. */
export function followState({ followed }: Cutover): FollowState | undefined {
  return typeof followed.fingerprint === 'string' ? (followed as unknown as FollowState) : undefined;
}

/**
 * How long a list's last change has been waiting, in milliseconds; 0 where the copy is up to date.
 * @param now in milliseconds since 1970
 */
export function lagOf(site: Site, cutover: Cutover, now: number): number {
  const { text, changedAt } = fingerprintOf(site, cutover.mailman2Name);
  const state = followState(cutover);
  if (state?.fingerprint === text && state.problem === null) return 0;
  // Of files that are gone nobody knows since when. A clock that was set back does not make the change one that is here.
  const since = changedAt > 0 ? changedAt : (state?.changedAt ?? now);
  return Math.max(1, now - since);
}

/**
 * Applies what has changed in the files of a list since the last look, in one transaction, whether Mailman 2.1 is in charge
 * of it or just hands it over. What could not be read is tried again after a while, or at once where that is asked for.
 */
export async function followList(
  database: Database,
  site: Site,
  cutover: Cutover,
  options: FollowOptions,
  { isUrgent = false } = {},
): Promise<Followed> {
  // Before the files are read: what changes meanwhile is seen at the next look.
  const { text, changedAt } = fingerprintOf(site, cutover.mailman2Name);
  const state = followState(cutover);
  const isSame = state?.fingerprint === text;
  if (isSame && (state.problem === null || !(isUrgent || isOld(state)))) return { kind: 'unchanged' };
  const remember = async (connection: Connection, problem: string | null): Promise<FollowState> => {
    const now = Date.now();
    const since = changedAt || (isSame ? state.changedAt : now);
    const seen: FollowState = { fingerprint: text, appliedAt: now, changedAt: since, problem };
    await updateFollowed(connection, cutover.listId, { ...cutover.followed, ...seen });
    return seen;
  };
  try {
    const applied = await despiteRivals(() =>
      database.transaction(async (connection) => {
        const outcome = await apply(connection, site, cutover, options);
        return outcome && { outcome, state: await remember(connection, outcome.unread) };
      }),
    );
    if (!applied) return { kind: 'unchanged' };
    return { kind: 'applied', ...applied, lagMs: Math.max(0, Date.now() - changedAt) };
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    const problem = reasonBesideName(error);
    await remember(database.connection, problem);
    return { kind: 'failed', problem };
  }
}

function isOld({ appliedAt }: FollowState): boolean {
  return Math.abs(Date.now() - appliedAt) >= RETRY_MS;
}

/** @returns undefined where this server is in charge meanwhile: then what Mailman 2's files say counts no more */
async function apply(
  connection: Connection,
  site: Site,
  { listId, mailman2Name }: Cutover,
  options: FollowOptions,
): Promise<ListOutcome | undefined> {
  const before = await lockList(connection, listId);
  const cutover = await findCutover(connection, listId);
  if (cutover && !isMailman2InCharge(cutover.stage)) return undefined;
  const handedOver = await HandedOverMembers.of(connection, listId, before?.settings);
  const outcome = await runList(connection, site, mailman2Name, {
    ...options,
    domainOf: new Map(before ? [[mailman2Name, before.mailHost]] : []),
    bounces: undefined,
    queued: undefined,
    progress: () => {},
    reconciler: handedOver,
    isFollowing: true,
  });
  // Where only other files or the number of the last post have changed, the members were left alone.
  const isEmpty = outcome.config?.members.unchanged === 0;
  if (outcome.config && (handedOver.isAsked || isEmpty)) await handedOver.store(connection);
  const after = await findList(connection, listId);
  // Alongside, both count posts; the number of the one that is ahead has been used.
  if (cutover?.stage === 'alongside' && before && after && before.postId > after.postId) {
    await updateList(connection, { ...after, postId: before.postId });
  }
  return outcome;
}

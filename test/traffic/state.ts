import type { Connection } from '../../src/database/handle.ts';
import { findList } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { membershipRequests } from '../../src/membership/workflow/requests.ts';
import type { Member } from '../../src/model/member.ts';
import type { UtcTime } from '../../src/model/time.ts';
import { recordedListAddress } from '../support/recorded-traffic.ts';
import { OPTION_BITS, type Outcome, sortedSet } from './outcome.ts';

interface MemberState {
  readonly mode: string;
  readonly status: string;
  readonly options: number;
  readonly score: number;
}

/** A list, as far as the recording tells of it. */
export interface ListState {
  readonly name: string;
  readonly members: ReadonlyMap<string, MemberState>;
  readonly memberships: ReadonlyMap<string, Member>;
  readonly requests: ReadonlySet<string>;
  readonly postId: number;
  readonly digestSentAt: UtcTime | null;
}

export async function listState(connection: Connection, name: string, now: UtcTime): Promise<ListState> {
  const list = await findList(connection, recordedListAddress(name));
  if (!list) throw new Error(`${name} is not there`);
  const members = await membersOfList(connection, list.listId, ['member']);
  const requests = await membershipRequests(connection, list.listId, {}, now);
  return {
    name,
    members: new Map(members.map((member) => [member.email, memberState(member)])),
    memberships: new Map(members.map((member) => [member.email, member])),
    requests: new Set(
      requests.map(({ kind, tokenOwner, email, token }) => {
        const what = kind === 'subscription' ? 'join' : 'leave';
        return `${tokenOwner === 'moderator' ? 'asks moderators' : 'has to confirm'} to ${what} ${email} ${token}`;
      }),
    ),
    postId: list.postId,
    digestSentAt: list.digestLastSentAt,
  };
}

function memberState({ preferences, moderationAction, receiveUnmatchedTopics, bounce }: Member): MemberState {
  const options =
    (preferences.receive_own_postings === false ? 2 : 0) |
    (preferences.acknowledge_posts ? 4 : 0) |
    (preferences.hide_address ? 16 : 0) |
    (receiveUnmatchedTopics ? 64 : 0) |
    (moderationAction !== null && moderationAction !== 'defer' ? 128 : 0) |
    (preferences.receive_list_copy === false ? 256 : 0);
  const mode = preferences.delivery_mode ?? 'regular';
  return {
    mode: mode === 'regular' ? mode : 'digest',
    status: preferences.delivery_status ?? 'enabled',
    options: options & OPTION_BITS,
    score: bounce.score,
  };
}

/** What changed of lists, in the words of the recording. @param prefix what stands before lines about a list */
export function changes(
  before: readonly ListState[],
  after: readonly ListState[],
  prefix: (name: string) => string,
): Pick<Outcome, 'members' | 'bounces' | 'counters'> {
  const members: string[] = [];
  const bounces: string[] = [];
  const counters: string[] = [];
  for (const [index, now] of after.entries()) {
    const then = before[index];
    if (!then) continue;
    const label = prefix(now.name);
    for (const line of memberChanges(then, now)) members.push(label + line);
    for (const line of scoreChanges(then, now)) bounces.push(label + line);
    if (now.postId !== then.postId) counters.push(`${now.name} post ${now.postId - then.postId}`);
    if (now.digestSentAt !== then.digestSentAt) counters.push(`${now.name} digest sent`);
  }
  return { members: sortedSet(members), bounces: sortedSet(bounces), counters: sortedSet(counters) };
}

function memberChanges(then: ListState, now: ListState): string[] {
  const lines: string[] = [];
  for (const [key, { mode, status, options }] of now.members) {
    const old = then.members.get(key);
    if (!old) lines.push(`joined ${key} ${mode}`);
    else {
      if (mode !== old.mode) lines.push(`mode ${key} ${mode}`);
      if (status !== old.status) lines.push(`status ${key} ${status}`);
      if (options !== old.options) lines.push(`options ${key} ${options}`);
    }
  }
  for (const key of then.members.keys()) if (!now.members.has(key)) lines.push(`left ${key}`);
  for (const request of now.requests)
    if (!then.requests.has(request)) lines.push(request.slice(0, request.lastIndexOf(' ')));
  return lines;
}

function scoreChanges(then: ListState, now: ListState): string[] {
  return [...now.members].flatMap(([key, { score }]) => {
    const old = then.members.get(key);
    return old && old.score !== score ? [`score ${key} ${score}`] : [];
  });
}

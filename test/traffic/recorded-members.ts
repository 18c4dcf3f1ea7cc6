import type { RecordedCase, RecordedStateChange } from '../support/recorded-traffic.ts';
import { OPTION_BITS, sortedSet } from './outcome.ts';

/** A dictionary of Mailman 2.1 as the recording tells its changes. */
interface DictChange {
  readonly added?: Readonly<Record<string, unknown>>;
  readonly removed?: Readonly<Record<string, unknown>>;
  readonly changed?: Readonly<Record<string, readonly [unknown, unknown]>>;
}

interface BounceInfo {
  readonly score: number;
}

const STATUS = ['enabled', 'unknown', 'by_user', 'by_moderator', 'by_bounces'];

/** What a case changed of members, requests and bounce scores. */
export function recordedMemberChanges({ case: { state_diff, list } }: RecordedCase): {
  readonly members: readonly string[];
  readonly bounces: readonly string[];
} {
  // The one list whose file was damaged shows as all new.
  const changes = Object.entries(state_diff).filter(([, { config }]) => config?.$load_error === undefined);
  const prefix = (name: string): string => (name === list ? '' : `${name}: `);
  return {
    members: sortedSet(
      changes.flatMap(([name, change]) => memberChanges(change).map((line) => prefix(name) + line)),
    ),
    bounces: sortedSet(
      changes.flatMap(([name, change]) => scoreChanges(change).map((line) => prefix(name) + line)),
    ),
  };
}

function memberChanges(change: RecordedStateChange): string[] {
  const { added, removed } = rosters(change);
  const isHere = (key: string): boolean => !added.has(key) && !removed.has(key);
  const lines: string[] = [];
  for (const [key, mode] of added)
    lines.push(removed.has(key) ? `mode ${key} ${mode}` : `joined ${key} ${mode}`);
  for (const key of removed.keys()) if (!added.has(key)) lines.push(`left ${key}`);
  const options = dict(change, 'user_options');
  for (const [key, [before, after]] of Object.entries(options.changed ?? {})) {
    const bits = Number(after) & OPTION_BITS;
    if (bits !== (Number(before) & OPTION_BITS)) lines.push(`options ${key} ${bits}`);
  }
  const status = dict(change, 'delivery_status');
  for (const [key, value] of Object.entries(status.added ?? {}))
    lines.push(`status ${key} ${statusName(value)}`);
  for (const key of Object.keys(status.removed ?? {})) if (isHere(key)) lines.push(`status ${key} enabled`);
  return [...lines, ...requestChanges(change)];
}

/** Who stands in a dictionary of members now, and who no longer. */
function rosters(change: RecordedStateChange) {
  const added = new Map<string, string>();
  const removed = new Map<string, string>();
  for (const [name, mode] of [
    ['members', 'regular'],
    ['digest_members', 'digest'],
  ] as const) {
    for (const key of Object.keys(dict(change, name).added ?? {})) added.set(key, mode);
    for (const key of Object.keys(dict(change, name).removed ?? {})) removed.set(key, mode);
  }
  return { added, removed };
}

function requestChanges({ requests, pending }: RecordedStateChange): string[] {
  const lines: string[] = [];
  for (const value of Object.values(requests?.added ?? {})) {
    const [type, data] = value as [number, unknown];
    if (type === 2) lines.push(`asks moderators to join ${String((data as unknown[])[1]).toLowerCase()}`);
    if (type === 3) lines.push(`asks moderators to leave ${String(data).toLowerCase()}`);
  }
  for (const { value } of Object.values(pending?.added ?? {}) as { readonly value?: readonly unknown[] }[]) {
    const [op, first] = value ?? [];
    if (op === 'S')
      lines.push(`has to confirm to join ${(first as { address: string }).address.toLowerCase()}`);
    if (op === 'U') lines.push(`has to confirm to leave ${String(first).toLowerCase()}`);
  }
  return lines;
}

function scoreChanges(change: RecordedStateChange): string[] {
  const info = dict(change, 'bounce_info');
  const { removed } = rosters(change);
  const score = (key: string, value: unknown): string => `score ${key} ${(value as BounceInfo).score}`;
  return [
    ...Object.entries(info.added ?? {}).map(([key, value]) => score(key, value)),
    ...Object.entries(info.changed ?? {})
      .filter(([, [before, after]]) => (before as BounceInfo).score !== (after as BounceInfo).score)
      .map(([key, [, after]]) => score(key, after)),
    ...Object.entries(info.removed ?? {})
      .filter(([key, value]) => !removed.has(key) && (value as BounceInfo).score !== 0)
      .map(([key]) => `score ${key} 0`),
  ];
}

function statusName(value: unknown): string {
  return STATUS[(value as [number])[0]] ?? 'unknown';
}

function dict({ config }: RecordedStateChange, name: string): DictChange {
  const value: unknown = config?.[name];
  return (Array.isArray(value) ? {} : (value ?? {})) as DictChange;
}

import { fieldValue, type HeaderField } from '../../message/headers.ts';

/** The three fields that one server adds (RFC 8617 4.1). */
export interface ArcSet {
  results?: HeaderField;
  signature?: HeaderField;
  seal?: HeaderField;
}

/** The ARC sets that a message carries. */
export interface ArcSets {
  /** By instance, from 1 on. Absent ones are undefined. */
  readonly sets: readonly (ArcSet | undefined)[];
  /** The highest instance; 0 where there is none. */
  readonly highest: number;
  /** Whether the newest seal says that the chain is broken; nothing may follow it. */
  readonly isClosed: boolean;
}

/** RFC 8617 4.2.1. */
export const MAX_INSTANCE = 50;

const KINDS: Readonly<Record<string, keyof ArcSet>> = {
  'arc-authentication-results': 'results',
  'arc-message-signature': 'signature',
  'arc-seal': 'seal',
};

/** Collects them, without judging. */
export function arcSets(fields: readonly HeaderField[]): ArcSets {
  const sets: (ArcSet | undefined)[] = [];
  for (const field of fields) {
    const kind = KINDS[field.name.toLowerCase()];
    const instance = kind === undefined ? 0 : Number(tagOf(field, 'i') ?? 0);
    if (kind === undefined || !Number.isInteger(instance) || instance < 1 || instance > MAX_INSTANCE)
      continue;
    const set = sets[instance - 1] ?? {};
    set[kind] ??= field;
    sets[instance - 1] = set;
  }
  const newest = sets.at(-1)?.seal;
  return { sets, highest: sets.length, isClosed: newest !== undefined && tagOf(newest, 'cv') === 'fail' };
}

/** The value of a tag (RFC 6376 3.2), lower case. */
function tagOf(field: HeaderField, name: string): string | undefined {
  for (const tag of fieldValue(field).split(';')) {
    const equals = tag.indexOf('=');
    if (equals > 0 && tag.slice(0, equals).trim() === name)
      return tag
        .slice(equals + 1)
        .trim()
        .toLowerCase();
  }
  return undefined;
}

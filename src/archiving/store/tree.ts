/** What decides where a message stands in its thread. */
export interface TreeEntry {
  readonly id: number;
  readonly hash: string;
  readonly date: number;
  /** 0 for the first message of its hash. */
  readonly copy: number;
  /** Hashes of what it refers to, the nearest first. */
  readonly references: readonly string[];
  /** Whether it refers to nothing and answers something: it goes below the first message of the thread. */
  readonly answersSubject: boolean;
}

export interface TreePlace {
  readonly id: number;
  readonly parent: number | undefined;
  readonly depth: number;
}

/**
 * The messages of a thread from top to bottom: each below the nearest message it refers to, answers by date. It depends
 * on the set of messages alone, not on the order in which they came. A reference that would close a circle is ignored.
 */
export function treeOrder(entries: readonly TreeEntry[]): TreePlace[] {
  const ordered = entries.toSorted(inTime);
  const byHash = new Map<string, TreeEntry>();
  for (const entry of ordered) {
    const known = byHash.get(entry.hash);
    if (!known || entry.copy < known.copy) byHash.set(entry.hash, entry);
  }
  const parents = new Map<number, TreeEntry>();
  const answered = new Set<TreeEntry>();
  const place = (entry: TreeEntry, parent: TreeEntry): void => {
    parents.set(entry.id, parent);
    answered.add(parent);
  };
  // Nothing stands below what nobody answers: a long thread is not climbed for each of its messages.
  const fits = (entry: TreeEntry, parent: TreeEntry): boolean =>
    parent !== entry && !(answered.has(entry) && isBelow(parent, entry, parents));
  for (const entry of ordered) {
    const above = entry.references.map((hash) => byHash.get(hash));
    const parent = above.find((other) => other !== undefined && fits(entry, other));
    if (parent) place(entry, parent);
  }
  const first = ordered.find((entry) => !parents.has(entry.id) && !entry.answersSubject);
  for (const entry of ordered) if (first && entry.answersSubject && fits(entry, first)) place(entry, first);
  return flatten(ordered, parents);
}

function inTime(one: TreeEntry, other: TreeEntry): number {
  if (one.date !== other.date) return one.date - other.date;
  if (one.hash !== other.hash) return one.hash < other.hash ? -1 : 1;
  return one.copy - other.copy;
}

/** Whether `entry` is `above` or stands below it. */
function isBelow(entry: TreeEntry, above: TreeEntry, parents: ReadonlyMap<number, TreeEntry>): boolean {
  for (let at: TreeEntry | undefined = entry; at; at = parents.get(at.id)) if (at === above) return true;
  return false;
}

function flatten(ordered: readonly TreeEntry[], parents: ReadonlyMap<number, TreeEntry>): TreePlace[] {
  const answers = new Map<number, TreeEntry[]>();
  const tops: TreeEntry[] = [];
  for (const entry of ordered) {
    const parent = parents.get(entry.id);
    const siblings = parent ? (answers.get(parent.id) ?? []) : tops;
    siblings.push(entry);
    if (parent) answers.set(parent.id, siblings);
  }
  const places: TreePlace[] = [];
  const waiting = tops.toReversed().map((entry) => ({ entry, depth: 0 }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { entry, depth } = next;
    places.push({ id: entry.id, parent: parents.get(entry.id)?.id, depth });
    for (const answer of (answers.get(entry.id) ?? []).toReversed())
      waiting.push({ entry: answer, depth: depth + 1 });
  }
  return places;
}

import { linksBySubject, type SubjectPlace } from './subject-links.ts';

/** What decides to which thread a message belongs. */
export interface Groupable extends SubjectPlace {
  readonly hash: string;
  readonly references: readonly string[];
  readonly subjectKey: number | null;
}

/** Threads of one list, as far as they concern the messages of a batch, and which of them turn out to be one. */
export class Grouping {
  readonly #parents = new Map<number, number>();
  readonly #present = new Map<string, number>();
  readonly #missing = new Map<string, number>();
  readonly #subjects = new Map<number, (SubjectPlace & { readonly thread: number })[]>();
  readonly #newlyMissing = new Set<string>();
  readonly #found = new Set<string>();
  #lastNew = 0;

  /** A message that is stored. */
  addPresent(hash: string, thread: number): void {
    this.#present.set(hash, thread);
  }

  /** A message that stored ones refer to. */
  addMissing(hash: string, thread: number): void {
    this.#missing.set(hash, thread);
  }

  /** A stored message of a subject. */
  addSubject(key: number, place: SubjectPlace & { readonly thread: number }): void {
    const places = this.#subjects.get(key) ?? [];
    places.push(place);
    this.#subjects.set(key, places);
  }

  /** Takes a message that is to be added. @returns a thread, negative for a new one; see `threadOf` */
  take(message: Groupable): number {
    const { hash, references, subjectKey, date, linking } = message;
    const threads = new Set<number>();
    const meet = (thread: number | undefined): void => {
      if (thread !== undefined) threads.add(this.threadOf(thread));
    };
    for (const name of [hash, ...references]) {
      meet(this.#present.get(name));
      meet(this.#missing.get(name));
    }
    const alike = subjectKey === null ? [] : (this.#subjects.get(subjectKey) ?? []);
    for (const place of alike) if (linksBySubject(message, place)) meet(place.thread);
    const [first, ...others] = threads;
    const thread = first ?? this.#newThread();
    for (const other of others) this.#parents.set(other, thread);
    if (this.#missing.delete(hash) && !this.#newlyMissing.delete(hash)) this.#found.add(hash);
    this.#present.set(hash, thread);
    for (const reference of references) {
      if (this.#present.has(reference) || this.#missing.has(reference)) continue;
      this.#missing.set(reference, thread);
      this.#newlyMissing.add(reference);
    }
    if (subjectKey !== null) this.addSubject(subjectKey, { date, linking, thread });
    return thread;
  }

  /** The thread that this one has become part of. */
  threadOf(thread: number): number {
    let root = thread;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) root = next;
    for (let at = thread; at !== root; ) {
      const next = this.#parents.get(at) ?? root;
      this.#parents.set(at, root);
      at = next;
    }
    return root;
  }

  /** Stored threads that have become part of others. */
  get joined(): number[] {
    return [...this.#parents.keys()].filter((thread) => thread > 0);
  }

  /** Messages that were missing and are here now. */
  get found(): readonly string[] {
    return [...this.#found];
  }

  /** Messages that are referred to for the first time, and are not here. */
  get newlyMissing(): readonly { readonly hash: string; readonly thread: number }[] {
    return [...this.#newlyMissing].map((hash) => ({ hash, thread: this.#missing.get(hash) ?? 0 }));
  }

  #newThread(): number {
    this.#lastNew -= 1;
    return this.#lastNew;
  }
}

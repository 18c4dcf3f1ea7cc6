import type { SunkMail } from '../../../support/smtp-sink.ts';
import { type Guest, membershipsDuring, standingOf } from './guest.ts';
import type { Fate } from './hand-in.ts';
import { passages, type Stay } from './hops.ts';

/** One copy of a post, as it came to a member. */
export interface Copy {
  readonly recipient: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Postfix's names for the mails that it came with, the first one first. */
  readonly passages: readonly string[];
  readonly side: 'mailman2' | 'ferryman';
}

/** A program that was ended without warning. */
export interface Kill {
  readonly program: 'Ferryman' | 'Postfix' | 'command';
  readonly at: number;
  /** When none of its processes was left. */
  readonly until: number;
}

/** A post that was handed in. */
export interface Posted {
  readonly list: string;
  readonly fate: Fate;
  /** When the client began to send it, in milliseconds since 1970. */
  readonly at: number;
}

/** What came of all posts. */
export interface Account {
  readonly posts: number;
  /** Posts whose client was cut off before the mail server answered: it took them for everybody, or for nobody. */
  readonly cut: number;
  /** Pairs of a post and somebody who was a member all the time. */
  readonly members: number;
  /** Pairs of a post and somebody whose membership was the same from before it was sent until its last copy came. */
  readonly guests: number;
  /** Pairs of a post and somebody who was joining or leaving meanwhile: one copy or none. */
  readonly eitherWay: number;
  /** Of them, those who left and joined again meanwhile, and got a copy for each membership. */
  readonly rejoined: number;
  /** Copies that came, by the side that sent them. */
  readonly copies: Readonly<Record<Copy['side'], number>>;
  readonly lost: readonly string[];
  /** Copies to somebody who was no member. */
  readonly stray: readonly string[];
  /** Repeats by a transaction that a kill has cut. */
  readonly repeated: readonly string[];
  /** Repeats that nothing explains. */
  readonly unexplained: readonly string[];
}

/** From when Postfix, or who plays the members, has a mail until its client knows, in milliseconds: with the machine at its limit. */
const LONGEST_TRANSACTION = 5000;

/** Postfix's log has whole seconds. */
const SLACK = 1000;

const ID = /^Message-ID: *<([^@>]*)@client\.example>/im;

/** Counts copies, as they come. */
export class Ledger {
  readonly #copies = new Map<string, Copy[]>();

  /** @param mail as the sink has taken it. @returns whether it was a post */
  note({ message, recipients }: SunkMail): boolean {
    const end = message.indexOf('\r\n\r\n');
    const head = message.toString('latin1', 0, end < 0 ? message.length : end);
    const id = ID.exec(head)?.[1];
    if (id === undefined) return false;
    const side = head.includes('X-Mailman-Version: 2.1') ? 'mailman2' : 'ferryman';
    const copies = this.#copies.get(id) ?? [];
    for (const recipient of recipients)
      copies.push({ recipient: recipient.toLowerCase(), at: Date.now(), passages: passages(head), side });
    this.#copies.set(id, copies);
    return true;
  }

  /** How many copies came. */
  get size(): number {
    return [...this.#copies.values()].reduce((total, copies) => total + copies.length, 0);
  }

  /**
   * Compares what came with what should have come.
   * @param members by list, who were there all the time
   * @param guests who came and went
   * @param stays when Postfix had which mail in hand
   */
  drawUp(
    posts: ReadonlyMap<string, Posted>,
    members: ReadonlyMap<string, readonly string[]>,
    guests: readonly Guest[],
    kills: readonly Kill[],
    stays: ReadonlyMap<string, Stay>,
  ): Account {
    const lost: string[] = [];
    const stray: string[] = [];
    const repeated: string[] = [];
    const unexplained: string[] = [];
    const copiesBy = { mailman2: 0, ferryman: 0 };
    const pairs = { members: 0, guests: 0, eitherWay: 0, rejoined: 0 };
    for (const [id, { list, fate, at }] of posts) {
      const all = this.#copies.get(id) ?? [];
      for (const { side } of all) copiesBy[side] += 1;
      const copies = Map.groupBy(all, ({ recipient }) => recipient);
      // One whose transaction was cut was taken by Postfix for all, or for nobody.
      const isThere = fate === 'taken' || copies.size > 0;
      const over = all.reduce((latest, copy) => Math.max(latest, copy.at), at);
      const expected = new Set(isThere ? members.get(list) : []);
      pairs.members += expected.size;
      const allowed = new Set(expected);
      for (const guest of guests.filter((one) => isThere && one.list === list)) {
        const standing = standingOf(guest, at, over);
        pairs[standing === 'either' ? 'eitherWay' : 'guests'] += 1;
        if (standing === 'in') expected.add(guest.address);
        if (standing !== 'out') allowed.add(guest.address);
      }
      for (const member of expected)
        if (!copies.has(member)) lost.push(`${id} of ${list}, sent at ${clock(at)}, never came to ${member}`);
      for (const [recipient, found] of copies) {
        if (!allowed.has(recipient))
          stray.push(`${id} of ${list}, sent at ${clock(at)}, came to ${recipient}: ${describe(found)}`);
        if (found.length === 1) continue;
        const guest = guests.find(({ address }) => address === recipient);
        if (guest && found.length <= membershipsDuring(guest, at, over)) {
          pairs.rejoined += 1;
          continue;
        }
        const text = `${id} of ${list}, sent at ${clock(at)}, came ${found.length} times to ${recipient}: ${describe(found)}`;
        const kill = explanation(found, kills, stays);
        if (kill) repeated.push(`${text}; ${kill.program} was killed at ${clock(kill.at)}`);
        else unexplained.push(text);
      }
    }
    const cut = [...posts.values()].filter(({ fate }) => fate === 'cut').length;
    return { posts: posts.size, cut, ...pairs, copies: copiesBy, lost, stray, repeated, unexplained };
  }
}

/**
 * The kill by whose cut all copies but the first came: each of them goes the same way as an earlier one up to some mail, whose
 * delivery was repeated because a kill fell into it, or which was handed in once more because one fell into that.
 */
function explanation(
  copies: readonly Copy[],
  kills: readonly Kill[],
  stays: ReadonlyMap<string, Stay>,
): Kill | undefined {
  const inTime = copies.toSorted((one, other) => one.at - other.at);
  const found = inTime
    .slice(1)
    .map((copy, index) =>
      kills.find(
        (kill) =>
          kill.program !== 'command' &&
          inTime.slice(0, index + 1).some((earlier) => hasCut(kill, earlier, copy, stays)),
      ),
    );
  return found.includes(undefined) ? undefined : found[0];
}

function hasCut(kill: Kill, earlier: Copy, later: Copy, stays: ReadonlyMap<string, Stay>): boolean {
  const during = (from: number, until: number): boolean =>
    kill.at - SLACK <= until && kill.until + SLACK >= from;
  const fork = earlier.passages.findIndex((id, index) => id !== later.passages[index]);
  // The same mail came here twice.
  if (fork < 0) return during(earlier.at, Math.min(later.at, earlier.at + LONGEST_TRANSACTION));
  const last = stays.get(earlier.passages[fork - 1] ?? '');
  if (last && during(last.from, last.until)) return true;
  const [first, second] = [earlier, later].map((copy) => stays.get(copy.passages[fork] ?? '')?.from);
  if (first === undefined || second === undefined) return false;
  const [begun, again] = [Math.min(first, second), Math.max(first, second)];
  return during(begun, Math.min(again, begun + LONGEST_TRANSACTION));
}

function describe(copies: readonly Copy[]): string {
  return copies.map(({ side, at, passages: by }) => `${side} ${clock(at)} ${by.join(' ')}`).join(', ');
}

/** A moment for people. @param at milliseconds since 1970 */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

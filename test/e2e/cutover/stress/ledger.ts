import type { SunkMail } from '../../../support/smtp-sink.ts';
import { type Guest, membershipsDuring, standingOf } from './guest.ts';
import type { Fate } from './hand-in.ts';

/** One copy of a post, as it came to a member. */
export interface Copy {
  readonly recipient: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Postfix's name for the mail that it came with. */
  readonly queueId: string;
  readonly side: 'mailman2' | 'ferryman';
}

/** A program that was ended without warning. */
export interface Kill {
  readonly program: 'Ferryman' | 'Postfix' | 'command';
  readonly at: number;
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

/** How long before a copy came a transaction on its way may have been cut, in milliseconds. */
const LONGEST_TRANSACTION = 5000;

const ID = /^Message-ID: *<([^@>]*)@client\.example>/im;
const QUEUE_ID = /^Received: [^:]*?\bby mx\.example\.net \(Postfix\)[\s\S]*?\bid (\w+)/im;

/** Counts copies, as they come. */
export class Ledger {
  readonly #copies = new Map<string, Copy[]>();

  /** @param mail as the sink has taken it. @returns whether it was a post */
  note({ message, recipients }: SunkMail): boolean {
    const end = message.indexOf('\r\n\r\n');
    const head = message.toString('latin1', 0, end < 0 ? message.length : end);
    const id = ID.exec(head)?.[1];
    if (id === undefined) return false;
    const queueId = QUEUE_ID.exec(head)?.[1] ?? '';
    const side = head.includes('X-Mailman-Version: 2.1') ? 'mailman2' : 'ferryman';
    const copies = this.#copies.get(id) ?? [];
    for (const recipient of recipients)
      copies.push({ recipient: recipient.toLowerCase(), at: Date.now(), queueId, side });
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
   */
  drawUp(
    posts: ReadonlyMap<string, Posted>,
    members: ReadonlyMap<string, readonly string[]>,
    guests: readonly Guest[],
    kills: readonly Kill[],
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
        const kill = explanation(found, at, kills);
        if (kill) repeated.push(`${text}; ${kill.program} was killed at ${clock(kill.at)}`);
        else unexplained.push(text);
      }
    }
    const cut = [...posts.values()].filter(({ fate }) => fate === 'cut').length;
    return { posts: posts.size, cut, ...pairs, copies: copiesBy, lost, stray, repeated, unexplained };
  }
}

/**
 * The kill that has cut a transaction with this post, so that it was repeated: all copies are by the same side, and the kill
 * was after the post was sent, not long before its first copy came and before the last one did.
 */
function explanation(copies: readonly Copy[], sentAt: number, kills: readonly Kill[]): Kill | undefined {
  const [first] = copies;
  const last = copies.at(-1);
  if (!first || !last || copies.some(({ side }) => side !== first.side)) return undefined;
  const from = Math.max(sentAt, first.at - LONGEST_TRANSACTION);
  return kills.find(({ program, at }) => program !== 'command' && at >= from && at <= last.at);
}

function describe(copies: readonly Copy[]): string {
  return copies.map(({ side, at, queueId }) => `${side} ${clock(at)} ${queueId}`).join(', ');
}

/** A moment for people. @param at milliseconds since 1970 */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

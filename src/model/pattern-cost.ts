/** More assertions than these take an engine that backtracks a tenth of a second to compile. */
const MAX_ASSERTIONS = 50;

const ASSERTION = /^(?:\\[bB]|\(\?<?[=!])$/;

/** Higher than any limit: more need not be counted. */
const HUGE = 1e9;

const TOKEN =
  /\\[\s\S]|\(\?#[^)]*\)|\(\?P=\w+\)|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<?[=!]|:|P<\w+>)|\{(?:\d+(?:,\d*)?|,\d*)\}|[\s\S]/gu;

/** What is known of a piece of an expression. */
interface Piece {
  /** Ways through it. */
  readonly ways: number;
  /** Whether an assertion stands in it: what consumes characters is cheap. */
  readonly asserts: boolean;
}

/**
 * In how many ways one can go through the alternatives of an expression that hold assertions (look-around, word
 * boundaries); a very high number where it holds too many of these at all. An engine that backtracks tries them all when it
 * compiles the expression, and cannot be stopped then.
 * @param source in Python's syntax; may be invalid
 */
export function waysThrough(source: string): number {
  const tokens = source.match(TOKEN) ?? [];
  if (tokens.filter((token) => ASSERTION.test(token)).length > MAX_ASSERTIONS) return HUGE;
  // One entry for each group that is open: ways of the alternatives before, and of the one that is being read.
  const open: {
    sum: number;
    product: number;
    asserts: boolean;
    isAssertion: boolean;
    last: Piece | undefined;
  }[] = [];
  let group = newGroup(false);
  const add = (piece: Piece): void => {
    settle();
    group.last = piece;
  };
  const settle = (): void => {
    if (!group.last) return;
    group.product = Math.min(HUGE, group.product * group.last.ways);
    group.asserts ||= group.last.asserts;
    group.last = undefined;
  };
  const close = (): Piece => {
    settle();
    const asserts = group.asserts || group.isAssertion;
    return { ways: asserts ? Math.min(HUGE, group.sum + group.product) : 1, asserts };
  };
  for (const token of tokens) {
    const [least, most] = repetition(token);
    if (most !== undefined && group.last) group.last = repeated(group.last, least, most);
    else if (token === '(' || /^\(\?(?:[<:=!]|P<)/.test(token)) {
      settle();
      open.push(group);
      group = newGroup(/^\(\?<?[=!]/.test(token));
    } else if (token === ')') {
      const piece = close();
      group = open.pop() ?? newGroup(false);
      add(piece);
    } else if (token === '|') {
      settle();
      group.sum = Math.min(HUGE, group.sum + group.product);
      group.product = 1;
    } else add({ ways: 1, asserts: /^(?:\\[bB]|\^|\$)$/.test(token) });
  }
  while (open.length > 0) {
    const piece = close();
    group = open.pop() ?? newGroup(false);
    add(piece);
  }
  return close().ways;
}

function newGroup(isAssertion: boolean) {
  return { sum: 0, product: 1, asserts: false, isAssertion, last: undefined as Piece | undefined };
}

/** How often at least and at most; nothing where the token is no quantifier. */
function repetition(token: string): readonly [number, number | undefined] {
  if (token === '?') return [0, 1];
  if (token === '*') return [0, 1];
  if (token === '+') return [1, 2];
  const [, least, comma, most] = /^\{(\d*)(?:(,)(\d*))?\}$/.exec(token) ?? [];
  if (least === undefined) return [0, undefined];
  const from = Number(least);
  return [from, comma === undefined ? from : most ? Number(most) : from + 1];
}

function repeated({ ways, asserts }: Piece, least: number, most: number): Piece {
  if (!asserts) return { ways, asserts };
  const base = least < most ? ways + 1 : ways;
  return { ways: Math.min(HUGE, base ** Math.max(most, 1)), asserts };
}

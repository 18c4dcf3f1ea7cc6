import type { Random } from './random.ts';

/** What inputs are made of. */
export interface Material {
  /** Real ones. */
  readonly seeds: readonly Buffer[];
  /** What means something to the parser. */
  readonly tokens: readonly string[];
}

/** An input has at most so many octets. */
export const MAX_OCTETS = 100_000;

/** How often something is repeated so often that the input is as long as it may be: one in so many. */
const AMPLIFIED = 1500;

const LINE_ENDS = ['\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\n\r'] as const;

/** An input: a real one with changes, or one of nothing but tokens. */
export function makeInput(random: Random, material: Material): Buffer {
  let input =
    random.once(3) || material.seeds.length === 0 ? ofTokens(random, material) : random.pick(material.seeds);
  for (let changes = 1 + random.below(6); changes > 0; changes -= 1) input = change(random, input, material);
  if (random.once(AMPLIFIED)) input = amplify(random, input, material);
  return input.length <= MAX_OCTETS ? input : input.subarray(0, MAX_OCTETS);
}

/** Some tokens after each other, with other bytes between them. */
export function ofTokens(random: Random, { tokens }: Material): Buffer {
  const pieces: Buffer[] = [];
  for (let count = 1 + random.size(40); count > 0; count -= 1) {
    if (random.once(8)) pieces.push(random.bytes(random.size(12)));
    else pieces.push(token(random, tokens));
  }
  return Buffer.concat(pieces);
}

function token(random: Random, tokens: readonly string[]): Buffer {
  return Buffer.from(random.pick(tokens), random.once(3) ? 'utf8' : 'latin1');
}

type Change = (random: Random, input: Buffer, material: Material) => Buffer;

const CHANGES: readonly Change[] = [
  // A bit, a byte, some bytes.
  (random, input) => withByte(input, random.below(input.length), (old) => old ^ (1 << random.below(8))),
  (random, input) => withByte(input, random.below(input.length), () => random.below(256)),
  (random, input) => replace(input, random.below(input.length), random.size(8), random.bytes(random.size(8))),
  // A token in the way or in the place of something.
  (random, input, { tokens }) => replace(input, random.below(input.length), 0, token(random, tokens)),
  (random, input, { tokens }) =>
    replace(input, random.below(input.length), random.size(20), token(random, tokens)),
  // The beginning or the end missing, a piece missing, doubled, moved.
  (random, input) => input.subarray(0, random.below(input.length + 1)),
  (random, input) => input.subarray(random.below(input.length + 1)),
  (random, input) => replace(input, random.below(input.length), random.size(200), Buffer.alloc(0)),
  (random, input) => replace(input, random.below(input.length), 0, piece(random, input, 200)),
  (random, input) => replace(input, random.below(input.length), random.size(100), piece(random, input, 100)),
  // Some of another one.
  (random, input, { seeds }) =>
    seeds.length === 0
      ? input
      : replace(input, random.below(input.length), random.size(300), piece(random, random.pick(seeds), 600)),
  // Lines: missing, doubled, moved, of another input, joined, folded, ended otherwise.
  (random, input) => withLines(random, input, (lines, at) => lines.splice(at, 1 + random.size(4))),
  (random, input) => withLines(random, input, (lines, at) => lines.splice(at, 0, lines[at] ?? '')),
  (random, input) =>
    withLines(random, input, (lines, at) =>
      lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1)),
    ),
  (random, input, { seeds }) =>
    withLines(random, input, (lines, at) => {
      const other = seeds.length === 0 ? input : random.pick(seeds);
      lines.splice(at, 0, random.pick(linesOf(other)));
    }),
  (random, input) =>
    withLines(random, input, (lines, at) => lines.splice(at, 1, (lines[at] ?? '').replace(/\r?\n$/, ''))),
  (random, input) =>
    withLines(random, input, (lines, at) => {
      const line = lines[at] ?? '';
      const cut = random.below(line.length);
      lines.splice(
        at,
        1,
        `${line.slice(0, cut)}${random.pick(LINE_ENDS)}${random.pick([' ', '\t', ''])}${line.slice(cut)}`,
      );
    }),
  (random, input) =>
    Buffer.from(input.toString('latin1').replace(/\r?\n/g, random.pick(LINE_ENDS)), 'latin1'),
  // A value of a header emptied or filled.
  (random, input, { tokens }) =>
    withLines(random, input, (lines, at) => {
      const name = /^[!-9;-~]+:/.exec(lines[at] ?? '')?.[0];
      if (name !== undefined) lines.splice(at, 1, `${name} ${random.once(4) ? '' : random.pick(tokens)}\r\n`);
    }),
  // Something a few times over.
  (random, input) => {
    const repeated = piece(random, input, 30);
    const copies = Array.from({ length: 1 + random.size(40) }, () => repeated);
    return replace(input, random.below(input.length), 0, Buffer.concat(copies));
  },
];

function change(random: Random, input: Buffer, material: Material): Buffer {
  const changed = random.pick(CHANGES)(random, input, material);
  return changed.length > MAX_OCTETS ? changed.subarray(0, MAX_OCTETS) : changed;
}

/** As long as it may be, by a short piece that is repeated: shows work that grows with the square of the length. */
function amplify(random: Random, input: Buffer, { tokens }: Material): Buffer {
  const kind = random.below(4);
  const one =
    kind === 0
      ? piece(random, input, 40)
      : kind === 1
        ? random.bytes(1 + random.below(3))
        : token(random, tokens);
  const two = random.once(3) ? token(random, tokens) : Buffer.alloc(0);
  const repeated = Buffer.concat([one, two]);
  if (repeated.length === 0) return input;
  const room = MAX_OCTETS - Math.min(input.length, MAX_OCTETS);
  const copies = Buffer.alloc(Math.floor(room / repeated.length) * repeated.length, repeated);
  return replace(input, random.below(input.length + 1), 0, copies);
}

function piece(random: Random, bytes: Buffer, limit: number): Buffer {
  const start = random.below(bytes.length);
  return bytes.subarray(start, start + 1 + random.size(limit));
}

function withByte(input: Buffer, at: number, become: (old: number) => number): Buffer {
  const changed = Buffer.from(input);
  if (at < changed.length) changed[at] = become(changed[at] ?? 0);
  return changed;
}

function replace(input: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), by, input.subarray(at + length)]);
}

function withLines(random: Random, input: Buffer, edit: (lines: string[], at: number) => void): Buffer {
  const lines = linesOf(input);
  edit(lines, random.below(lines.length));
  return Buffer.from(lines.join(''), 'latin1');
}

function linesOf(input: Buffer): string[] {
  return input.toString('latin1').split(/(?<=\n)/);
}

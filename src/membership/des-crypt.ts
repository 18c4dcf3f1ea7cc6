import { sameText } from '../http/constant-time.ts';

/**
 * The `crypt` of Unix with a salt of two characters (FIPS 46-3, 25 times over a block of zeros, the salt swapping bits of the
 * expansion). Only to check what Mailman 2.0 has stored: it counts eight characters of a password, and is soon tried out.
 */

const INITIAL = columns([58, 60, 62, 64, 57, 59, 61, 63]);
const FINAL = inverse(INITIAL);
const EXPANSION = Array.from({ length: 48 }, (_, at) => (Math.floor(at / 6) * 4 + (at % 6) + 31) % 32);
const PERMUTATION = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22,
  11, 4, 25,
].map((bit) => bit - 1);
const KEY_HALVES = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
].map((bit) => bit - 1);
const KEY_CHOICE = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47,
  55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
].map((bit) => bit - 1);
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];

/** Four rows of sixteen hexadecimal digits each. */
const BOXES = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
].map((rows) => rows.split(' ').map((row) => [...row].map((digit) => Number.parseInt(digit, 16))));

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const STORED = /^[./0-9A-Za-z]{13}$/;

/** Whether a password belongs to the 13 characters that `crypt` made of it. */
export function fitsDesCrypt(stored: string, password: string): boolean {
  return STORED.test(stored) && sameText(desCrypt(password, stored.slice(0, 2)), stored);
}

function desCrypt(password: string, salt: string): string {
  const bytes = Buffer.from(password, 'utf8');
  const key = Array.from(
    { length: 64 },
    (_, at) => ((bytes[at >> 3] ?? 0) >> (6 - (at % 8))) & Number(at % 8 < 7),
  );
  const keys = schedule(key);
  const expansion = salted(salt);
  let block: number[] = new Array(64).fill(0);
  for (let time = 0; time < 25; time += 1) block = encrypt(block, keys, expansion);
  const bits = [...block, 0, 0];
  const digits = Array.from(
    { length: 11 },
    (_, at) => ALPHABET[numberOf(bits.slice(6 * at, 6 * at + 6))] ?? '',
  );
  return salt + digits.join('');
}

/** The bits of the salt, the lowest first, swap the halves of the expansion. */
function salted(salt: string): number[] {
  const expansion = [...EXPANSION];
  for (const [place, character] of [...salt].entries()) {
    const value = ALPHABET.indexOf(character);
    for (let bit = 0; bit < 6; bit += 1) {
      if (((value >> bit) & 1) === 0) continue;
      const at = 6 * place + bit;
      [expansion[at], expansion[at + 24]] = [EXPANSION[at + 24] ?? 0, EXPANSION[at] ?? 0];
    }
  }
  return expansion;
}

function schedule(key: readonly number[]): number[][] {
  let halves = chosen(key, KEY_HALVES);
  return SHIFTS.map((shift) => {
    const [left, right] = [halves.slice(0, 28), halves.slice(28)];
    halves = [left, right].flatMap((half) => [...half.slice(shift), ...half.slice(0, shift)]);
    return chosen(halves, KEY_CHOICE);
  });
}

function encrypt(
  block: readonly number[],
  keys: readonly number[][],
  expansion: readonly number[],
): number[] {
  const mixed = chosen(block, INITIAL);
  let [left, right] = [mixed.slice(0, 32), mixed.slice(32)];
  for (const key of keys) {
    const expanded = chosen(right, expansion).map((bit, at) => bit ^ (key[at] ?? 0));
    const boxed = BOXES.flatMap((box, at) => {
      const [first = 0, ...others] = expanded.slice(6 * at, 6 * at + 6);
      const value = box[2 * first + (others[4] ?? 0)]?.[numberOf(others.slice(0, 4))] ?? 0;
      return [(value >> 3) & 1, (value >> 2) & 1, (value >> 1) & 1, value & 1];
    });
    const sum = chosen(boxed, PERMUTATION).map((bit, at) => bit ^ (left[at] ?? 0));
    [left, right] = [right, sum];
  }
  return chosen([...right, ...left], FINAL);
}

function chosen(bits: readonly number[], places: readonly number[]): number[] {
  return places.map((place) => bits[place] ?? 0);
}

function numberOf(bits: readonly number[]): number {
  return bits.reduce((value, bit) => 2 * value + bit, 0);
}

/** Each column goes up in steps of eight. */
function columns(firsts: readonly number[]): number[] {
  return firsts.flatMap((first) => Array.from({ length: 8 }, (_, step) => first - 1 - 8 * step));
}

function inverse(places: readonly number[]): number[] {
  return places.map((_, at) => places.indexOf(at));
}

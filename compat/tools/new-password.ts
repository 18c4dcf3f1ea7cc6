import { randomInt } from 'node:crypto';

const CONSONANTS = 'bcdfghkmnprstvwxz';
const VOWELS = 'aeiou';

/** More than Mailman 2.1's ten, whose passwords of this kind could be tried out. */
const LENGTH = 16;

/** A new password that can be read out: syllables, as Mailman 2.1 made them (mailman21.md 7.1). */
export function newPassword(): string {
  let password = '';
  while (password.length < LENGTH) {
    const pair = [letter(CONSONANTS), letter(VOWELS)];
    password += (randomInt(2) === 0 ? pair : pair.reverse()).join('');
  }
  return password;
}

function letter(letters: string): string {
  return letters.charAt(randomInt(letters.length));
}

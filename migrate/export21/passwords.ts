import { randomInt } from 'node:crypto';
import { PyBytes } from '../pickle/values.ts';

const CONSONANTS = 'bcdfghkmnprstvwxz';
const VOWELS = 'aeiou';

/** Syllables in a password that Mailman 2.1 makes up for a member. */
const SYLLABLES = 4;

/** A password as Mailman 2.1 makes up for whoever has none: pronounceable, eight letters. */
export function madeUpPassword(): string {
  const letter = (letters: string): string => letters[randomInt(letters.length)] ?? '';
  return Array.from({ length: SYLLABLES }, () => letter(CONSONANTS) + letter(VOWELS)).join('');
}

/**
 * A stored password of a list in the form of Mailman 2.1.
 * @returns undefined for one that was set here: nobody can tell Mailman 2.1 what it is
 */
export function revertedPassword(stored: string): PyBytes | undefined {
  const [, form, content = ''] = /^mailman21:(sha1|md5|crypt):(.*)$/s.exec(stored) ?? [];
  if (form === 'md5') return PyBytes.from(Buffer.from(content, 'hex'));
  return form === undefined ? undefined : new PyBytes(content);
}

/** Letters that Unicode does not take apart, as people type them who do not have them. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
  ['ς', 'σ'],
]);

const SPECIAL = /[ßæœøłđðþıς]/g;
const ACCENTS = /[\u0300-\u036f]/g;
const ASCII_ONLY = /^[\0-\x7f]*$/;

/**
 * A text as it is compared in searches: case, accents, and full and half width (NFKC) make no difference. The marks of
 * kana and of Indian scripts, which make other letters, stay.
 */
export function foldText(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase();
  return text
    .toWellFormed()
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .replace(SPECIAL, (letter) => LETTERS.get(letter) ?? letter)
    .normalize('NFC');
}

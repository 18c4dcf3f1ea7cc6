import { monthOf } from '../counts.ts';

/** Words of the index that no text has, because those of texts are in lower case: list, year, month, attachments. */
export function scopeWords(message: {
  readonly list: number;
  readonly date: number;
  readonly prepared: { readonly attachments: readonly unknown[] };
}): string[] {
  const month = monthOf(message.date);
  const words = [listWord(message.list), yearWord(Math.floor(month / 12)), monthWord(month)];
  return message.prepared.attachments.length > 0 ? [...words, ATTACHMENT_WORD] : words;
}

export const ATTACHMENT_WORD = 'F';

/** The word by which the index finds messages of a list. */
export function listWord(list: number): string {
  return `L${list}`;
}

/** The word by which the index finds messages of a year. */
export function yearWord(year: number): string {
  return `Y${year}`;
}

/** @param month since the year 0 */
export function monthWord(month: number): string {
  return `M${month}`;
}

import { createHash } from 'node:crypto';
import { cleanText } from '../model/text.ts';

/** As much of a Message-ID as is kept, in characters. */
export const LONGEST_MESSAGE_ID = 998;

/** What a Message-ID is found by: a whole one is too long for an index. */
export function messageKey(messageId: string): string {
  return createHash('sha256').update(cleanText(messageId)).digest('hex');
}

import { decodeHeader } from '../../message/encoded-words.ts';
import { firstPlainText } from '../../message/text.ts';
import type { Rule } from '../post.ts';

const DIGEST_SUBJECT = / Digest, Vol \d{1,9}, Issue \d{1,9}$/i;

/** Lines that every masthead has in common, whoever worded it: what a reader quotes when replying to a digest. */
const MASTHEAD_MARKS = [
  /^>*\s*Today's Topics:/i,
  /^>*\s*Send .{1,200} mailing list submissions to/i,
  /^>*\s*.{1,200}-request@/i,
  /^>*\s*.{1,200}-owner@/i,
  /^>*\s*When replying, please edit your Subject line/i,
  /^>*\s*than "Re: Contents of .{1,200} digest/i,
  /^>*\s*To subscribe or unsubscribe/i,
  /^>*\s*You can reach the person managing the list at/i,
];

const LONGEST_LINE = 400;

/** Octets of a text that are looked at: no digest is as long, and its masthead stands at its beginning. */
const BEGINNING = 1_000_000;

export const digests: Rule = {
  name: 'digests',
  description: 'The message replies to a whole digest or quotes its masthead.',
  record: true,
  check: async ({ message }, { config }) => {
    if (!config.mailman.hold_digest) return null;
    if (DIGEST_SUBJECT.test(decodeHeader(message.headers.get('Subject') ?? '').trim())) {
      return ['Message has a digest subject'];
    }
    const lines = (firstPlainText(message, BEGINNING) ?? '')
      .split('\n')
      .map((line) => line.slice(0, LONGEST_LINE));
    const quoted = MASTHEAD_MARKS.filter((mark) => lines.some((line) => mark.test(line)));
    return quoted.length >= config.mailman.masthead_threshold ? ['Message quotes digest boilerplate'] : null;
  },
};

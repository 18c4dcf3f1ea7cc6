import { languageChain, speak } from '../../language/index.ts';
import { decodeHeader } from '../../message/encoded-words.ts';
import { firstPlainText } from '../../message/text.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Step } from '../../queue/step.ts';
import { renderTemplate } from '../../templates/render.ts';
import { mastheadVariables, oneLine } from '../../templates/variables.ts';
import type { Rule } from '../post.ts';

const DIGEST_SUBJECT = / Digest, Vol \d{1,9}, Issue \d{1,9}$/i;

/** Lines of the mastheads of Mailman, for those who reply to a digest of before. */
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

/** Stands for a number until it is known which. */
const NUMBER = '#number#';

/** Octets of a text that are looked at: no digest is as long, and its masthead stands at its beginning. */
const BEGINNING = 1_000_000;

export const digests: Rule = {
  name: 'digests',
  description: 'The message replies to a whole digest or quotes its masthead.',
  record: true,
  check: async ({ list, message }, step) => {
    const { hold_digest, masthead_threshold } = step.config.mailman;
    if (!hold_digest) return null;
    const subject = oneLine(decodeHeader(message.headers.get('Subject') ?? ''));
    if (DIGEST_SUBJECT.test(subject) || (await ownSubject(list, step)).test(subject))
      return ['Message has a digest subject'];
    const lines = (firstPlainText(message, BEGINNING) ?? '')
      .split('\n')
      .map((line) => line.slice(0, LONGEST_LINE));
    const marks = MASTHEAD_MARKS.filter((mark) => lines.some((line) => mark.test(line)));
    const said = new Set(lines.map(withoutQuoteMarks));
    const quoted = (await mastheadLines(list, step)).filter((line) => said.has(line));
    return Math.max(marks.length, quoted.length) >= masthead_threshold
      ? ['Message quotes digest boilerplate']
      : null;
  },
};

/** What the subject of a digest of this list ends with. */
async function ownSubject({ settings }: MailingList, { config }: Step): Promise<RegExp> {
  const { display_name, preferred_language } = settings;
  const say = await speak(languageChain(config, preferred_language));
  // Where the numbers stand, which may be in any order.
  const [before = '', between = '', after = ''] = oneLine(
    say('digest_subject', { display_name, volume: NUMBER, number: NUMBER }),
  ).split(NUMBER);
  const digits = '\\d{1,9}';
  return new RegExp(
    [before, between, after]
      .map((text) => RegExp.escape(text))
      .join(digits)
      .concat('$'),
    'i',
  );
}

/** The lines with text that a digest of this list begins with. */
async function mastheadLines(list: MailingList, step: Step): Promise<string[]> {
  const text = await renderTemplate(step, {
    name: 'list:member:digest:masthead',
    list,
    language: list.settings.preferred_language,
    variables: mastheadVariables(list),
  });
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function withoutQuoteMarks(line: string): string {
  return line.replace(/^[>|\s]+/, '').trimEnd();
}

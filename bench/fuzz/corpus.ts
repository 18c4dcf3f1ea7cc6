import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** Larger ones would make a run slow, and show nothing that a small one does not. */
const MAX_OCTETS = 12_000;

/** The awkward mails of fixtures/mail. */
export const mails: readonly Buffer[] = filesIn('mail/', '.eml');

/** Reports of mail servers. */
export const bounces: readonly Buffer[] = filesIn('bounces/', '.eml');

/** Held messages, confirmations, requests and lists of a Mailman 2.1. */
export const pickles: readonly Buffer[] = [
  ...filesIn('mailman21/data/', '.pck'),
  ...readdirSync(new URL('mailman21/lists/', FIXTURES)).flatMap((list) =>
    filesIn(`mailman21/lists/${encodeURIComponent(list)}/`, '.pck'),
  ),
];

/** Mails to and from a Mailman 2.1, of which many are commands. */
export function traffic(): readonly Buffer[] {
  const found: Buffer[] = [];
  const text = gunzipSync(readFileSync(new URL('mailman21/traffic.json.gz', FIXTURES))).toString('utf8');
  collectMails(JSON.parse(text), found);
  return found;
}

function filesIn(folder: string, ending: string): Buffer[] {
  return readdirSync(new URL(folder, FIXTURES))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(new URL(folder + encodeURIComponent(name), FIXTURES)))
    .filter(({ length }) => length <= MAX_OCTETS);
}

/** Whatever in the recording is a string that looks like a mail. */
function collectMails(value: unknown, found: Buffer[]): void {
  if (typeof value === 'string') {
    if (value.length <= MAX_OCTETS && /^(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n/.test(value))
      found.push(Buffer.from(value, 'latin1'));
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collectMails(inner, found);
  }
}

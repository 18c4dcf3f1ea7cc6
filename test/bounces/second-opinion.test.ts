import { expect, test } from 'vitest';
import { detectBounce } from '../../src/bounces/detect.ts';
import { Message } from '../../src/message/message.ts';
import { judge } from '../message/python.ts';
import { examples } from './examples.ts';

/** What flufl.bounce, which Mailman 3 uses, finds in a mail; null where Debian's package of it is not installed. */
interface Opinion {
  readonly permanent: readonly string[];
  readonly temporary: readonly string[];
}

const PROGRAM = `
try:
    from flufl.bounce import all_failures
except ImportError:
    return None
import os
def text(addresses):
    return sorted(a.decode('utf-8', 'replace') if isinstance(a, bytes) else a for a in addresses)
def opinion(content):
    temporary, permanent = all_failures(email.message_from_bytes(content))
    return {'permanent': text(permanent), 'temporary': text(temporary)}
if value is not None:
    return [opinion(content.encode('latin-1')) for content in value]
import flufl.bounce
folder = os.path.join(os.path.dirname(flufl.bounce.__file__), 'tests', 'data')
answers = []
for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
    if name.endswith('.txt'):
        with open(os.path.join(folder, name), 'rb') as file:
            content = file.read()
        answers.append({'name': name, 'content': content.decode('latin-1'), **opinion(content)})
return answers
`;

const [onExamples, onOwn] = judge<readonly (Opinion & { name: string; content: string })[] | null>(PROGRAM, [
  examples.map(({ bytes }) => bytes.toString('latin1')),
  null,
]);
const isSkipped = !onExamples && process.env.CI !== 'true';
const titled = (title: string): string =>
  onExamples ? title : `${title} (python3-flufl.bounce is not installed)`;

/** Where flufl.bounce says something else, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'autoresponder-header': 'an automatic answer, which it does not look for',
  caiwireless: 'gives the letters of the address one by one',
  'challenge-tmda': 'an automatic answer, which it does not look for',
  'dsn-attached-inside': 'a question with the report of another list attached',
  'dsn-no-blank-lines': 'sees the first recipient only',
  'dsn-xtext': 'leaves the address encoded',
  'exchange-5-dda': 'stops at the first recipient',
  'exim-text': 'passes over the address that the list knows',
  groupwise: 'leaves a tabulator in front of the address',
  'postfix-delay-text': 'takes a warning for a failure',
  'sendmail-problems': 'passes over an address with its reason behind it',
  'sendmail-warning': 'takes a warning for a failure',
  vacation: 'an automatic answer, which it does not look for',
  'vacation-german': 'an automatic answer, which it does not look for',
  'vacation-japanese': 'an automatic answer, which it does not look for',
};

test.skipIf(isSkipped)(titled('whatever flufl.bounce finds in the examples is found'), () => {
  expect(onExamples).not.toBeNull();
  const differing = examples.filter(({ permanent, temporary }, index) => {
    const opinion = onExamples?.[index];
    const foundSomething = opinion && opinion.permanent.length + opinion.temporary.length > 0;
    return foundSomething && sorted({ permanent, temporary }) !== sorted(opinion);
  });
  expect(differing.map(({ name }) => name)).toEqual(Object.keys(OTHERWISE));
});

test.skipIf(isSkipped)(titled('the bounces that flufl.bounce comes with are understood as it does'), () => {
  const differing = (onOwn ?? [])
    .map(({ name, content, ...theirs }) => {
      const ours = detectBounce(Message.parse(Buffer.from(content, 'latin1')));
      return { name, ours: sorted(ours), theirs: sorted(theirs) };
    })
    .filter(({ ours, theirs }) => ours !== theirs);
  const user = '{"permanent":["userx@example.com"],"temporary":[]}';
  // An X.400 address on the line before, which it takes for one of SMTP.
  const nobody = '{"permanent":["c=us;a="],"temporary":[]}';
  expect(differing).toEqual([
    { name: 'microsoft_01.txt', ours: user, theirs: nobody },
    { name: 'microsoft_04.txt', ours: user, theirs: nobody },
  ]);
});

function sorted({ permanent, temporary }: Opinion): string {
  const lower = (addresses: readonly string[]): string[] => addresses.map((a) => a.toLowerCase()).sort();
  return JSON.stringify({ permanent: lower(permanent), temporary: lower(temporary) });
}

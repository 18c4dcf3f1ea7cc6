/**
 * Sends the awkward mails through Mailman 3 and Ferryman and prints what they did differently. Exit status 1 where a
 * difference is not explained. With --record the run of Mailman 3 becomes what the tests compare with.
 */
import { parseArgs } from 'node:util';
import { openFerryman } from './ferryman-side.ts';
import { openMailman3 } from './mailman3-side.ts';
import { awkwardMails } from './mails.ts';
import { destinations } from './plan.ts';
import { play } from './play.ts';
import { record } from './recording.ts';
import { judge, table } from './verdict.ts';

const { values } = parseArgs({ options: { record: { type: 'boolean' } } });
const mails = awkwardMails();

const mailman = await openMailman3();
const theirs = await play(mailman, mails, destinations, {
  progress: (done, all) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${mailman.version}: ${done} of ${all}`);
  },
}).finally(mailman.close);
if (process.stderr.isTTY) process.stderr.write('\n');
const ferryman = await openFerryman();
const ours = await play(ferryman, mails, destinations, { theirs: theirs.observations }).finally(
  ferryman.close,
);

const verdict = judge(theirs, ours, mails);
process.stdout.write(`${theirs.version} and Ferryman, ${theirs.date}\n${table(verdict)}`);
if (values.record) record(theirs);
process.exitCode = verdict.unexplained.length > 0 ? 1 : 0;

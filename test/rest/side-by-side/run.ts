/**
 * Sends the same requests to the REST APIs of Mailman 3 and Ferryman and prints which answers differ. Exit status 1 where
 * a difference is not explained. With --record the answers of Mailman 3 become what the tests compare with.
 */
import { parseArgs } from 'node:util';
import { judge } from './judge.ts';
import { record } from './recording.ts';
import { askFerryman, askMailman3 } from './servers.ts';

const { values } = parseArgs({ options: { record: { type: 'boolean' } } });
const theirs = await askMailman3();
const { unexplained, used, differences } = judge(theirs, await askFerryman());
for (const [mailman, ferryman] of unexplained) {
  process.stdout.write(`${mailman.request}\n  ${JSON.stringify(mailman)}\n  ${JSON.stringify(ferryman)}\n`);
}
process.stdout.write(
  `${theirs.version} and Ferryman, ${theirs.date}: ${theirs.answers.length} requests, ${differences} answers differ ` +
    `for ${used.size} reasons, ${unexplained.length} for none\n`,
);
if (values.record) record(theirs);
process.exitCode = unexplained.length > 0 ? 1 : 0;

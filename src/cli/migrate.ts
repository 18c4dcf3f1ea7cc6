import type { CliCommand } from './command.ts';
import { exportTwentyOne } from './migrate-export21.ts';
import { follow } from './migrate-follow.ts';
import { inspect } from './migrate-inspect.ts';
import { run } from './migrate-run.ts';
import { verify } from './migrate-verify.ts';
import { type Part, takeParts } from './parts.ts';

const parts: readonly Part[] = [
  ['inspect', 'Say what is in a site, what changes and what needs a decision; write nothing.', inspect],
  ['run', 'Bring lists over, or up to date.', run],
  ['verify', 'Compare the site with what has come over.', verify],
  ['follow', 'Keep what has come over equal to a site that is still in use.', follow],
  ['export21', 'Write a list as Mailman 2.1 keeps it.', exportTwentyOne],
];

/** `mailman migrate` */
export const migrate: CliCommand = {
  define: (command, context) => {
    command.description('Bring a whole Mailman 2.1 site over, list by list, or a list back to it.');
    takeParts(command, context, parts);
  },
};

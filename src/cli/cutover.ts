import type { CliCommand } from './command.ts';
import { alongside } from './cutover-alongside.ts';
import { audit } from './cutover-audit.ts';
import { finish } from './cutover-finish.ts';
import { lead } from './cutover-lead.ts';
import { observe } from './cutover-observe.ts';
import { parity } from './cutover-parity.ts';
import { rollback } from './cutover-rollback.ts';
import { status } from './cutover-status.ts';
import { watch } from './cutover-watch.ts';
import { type Part, takeParts } from './parts.ts';

const parts: readonly Part[] = [
  ['status', 'Show how far each list has moved.', status],
  ['observe', 'Look on: do all but send, while Mailman 2 delivers.', observe],
  ['alongside', 'Share the delivery: hand members over, or back.', alongside],
  ['lead', 'Take over: all mail of a list comes here.', lead],
  ['parity', 'Compare what both have done with each post.', parity],
  ['rollback', 'Give a list back to Mailman 2, with what has changed since.', rollback],
  ['finish', 'Give up the way back.', finish],
  ['watch', 'Show the cutover on the web to an administrator.', watch],
  ['audit', 'Show who did what to a list.', audit],
];

/** `mailman cutover` */
export const cutover: CliCommand = {
  define: (command, context) => {
    command.description('Move lists from a Mailman 2.1 that runs beside, stage by stage, and back.');
    takeParts(command, context, parts);
  },
};

import { type CommandLanguage, commandTable } from '../../src/flow/commands/command.ts';
import { mailman3Language } from '../../src/flow/commands/index.ts';
import { info } from './info.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { lists } from './lists.ts';
import { password } from './password.ts';
import { set } from './set.ts';
import { who } from './who.ts';

/** The commands of Mailman 2.1 over those of Mailman 3, all of whose forms go on working (`[legacy] commands`). */
export const mailman21Language: CommandLanguage = {
  commands: commandTable([
    ...new Set(mailman3Language.commands.values()),
    info,
    join,
    leave,
    lists,
    password,
    set,
    who,
  ]),
  unknown: 'ends',
  quotes: true,
};

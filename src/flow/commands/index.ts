import { type CommandTable, commandTable } from './command.ts';
import { confirm } from './confirm.ts';
import { echo } from './echo.ts';
import { end } from './end.ts';
import { help } from './help.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { who } from './who.ts';

/** The commands of Mailman 3. */
export const mailman3Commands: CommandTable = commandTable([confirm, echo, end, help, join, leave, who]);

import { type CommandLanguage, commandTable } from './command.ts';
import { confirm } from './confirm.ts';
import { echo } from './echo.ts';
import { end } from './end.ts';
import { help } from './help.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { who } from './who.ts';

/** The commands of Mailman 3, read as it reads them. */
export const mailman3Language: CommandLanguage = {
  commands: commandTable([confirm, echo, end, help, join, leave, who]),
  unknown: 'told',
  quotes: false,
};

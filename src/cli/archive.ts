import { archiveDelete } from './archive-delete.ts';
import { archiveExport } from './archive-export.ts';
import { archiveImport } from './archive-import.ts';
import { archiveMove } from './archive-move.ts';
import { archiveRebuild } from './archive-rebuild.ts';
import { archiveStats } from './archive-stats.ts';
import type { CliCommand } from './command.ts';
import { type Part, takeParts } from './parts.ts';

const parts: readonly Part[] = [
  ['import', 'Bring an mbox, and the old web archive beside it, into the archive of a list.', archiveImport],
  ['export', 'Write the archive of a list as an mbox.', archiveExport],
  ['rebuild', 'Make threads and index of a list anew from the original messages.', archiveRebuild],
  ['delete', 'Delete the archive of a list.', archiveDelete],
  ['move', 'Give the archive of a list to another list.', archiveMove],
  ['stats', 'Show what the archive holds.', archiveStats],
];

/** `mailman archive` */
export const archive: CliCommand = {
  define: (command, context) => {
    command.description('Import, export and tend the web archive of a list.');
    takeParts(command, context, parts);
  },
};

import type { LegacyTool } from './tool.ts';

/** A tool as the overview names it; loaded when it is called. */
export interface ToolEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly tool: LegacyTool }>;
}

/** The commands of Mailman 2.1's bin directory, sorted by name. */
export const tools: readonly ToolEntry[] = [
  { name: 'add_members', summary: 'Add members from a file.', load: () => import('./add_members.ts') },
  { name: 'arch', summary: 'Bring an mbox into the archive.', load: () => import('./arch.ts') },
  { name: 'change_pw', summary: 'Change passwords of lists.', load: () => import('./change_pw.ts') },
  { name: 'check_perms', summary: 'Check the modes of files.', load: () => import('./check_perms.ts') },
  {
    name: 'clone_member',
    summary: 'Give a member another address.',
    load: () => import('./clone_member.ts'),
  },
  {
    name: 'config_list',
    summary: 'Write or read the settings of a list.',
    load: () => import('./config_list.ts'),
  },
  { name: 'dumpdb', summary: 'Show a pickle of Mailman 2.1.', load: () => import('./dumpdb.ts') },
  { name: 'find_member', summary: 'Find the lists of an address.', load: () => import('./find_member.ts') },
  {
    name: 'genaliases',
    summary: 'Write the maps of the mail server.',
    load: () => import('./genaliases.ts'),
  },
  { name: 'inject', summary: 'Put a message into a queue.', load: () => import('./inject.ts') },
  {
    name: 'list_admins',
    summary: 'List the owners, a line for each list.',
    load: () => import('./list_admins.ts'),
  },
  { name: 'list_lists', summary: 'List the lists.', load: () => import('./list_lists.ts') },
  { name: 'list_members', summary: 'List the members of a list.', load: () => import('./list_members.ts') },
  { name: 'list_owners', summary: 'List the owners.', load: () => import('./list_owners.ts') },
  { name: 'mailmanctl', summary: 'Start and stop the server.', load: () => import('./mailmanctl.ts') },
  { name: 'mmsitepass', summary: 'Set the site password.', load: () => import('./mmsitepass.ts') },
  { name: 'newlist', summary: 'Make a list.', load: () => import('./newlist.ts') },
  { name: 'remove_members', summary: 'Remove members.', load: () => import('./remove_members.ts') },
  { name: 'rmlist', summary: 'Remove a list.', load: () => import('./rmlist.ts') },
  { name: 'show_qfiles', summary: 'Show messages of queues.', load: () => import('./show_qfiles.ts') },
  {
    name: 'sync_members',
    summary: 'Make the members those of a file.',
    load: () => import('./sync_members.ts'),
  },
  { name: 'unshunt', summary: 'Put shunted messages back.', load: () => import('./unshunt.ts') },
  { name: 'withlist', summary: 'Say what to use instead.', load: () => import('./withlist.ts') },
];

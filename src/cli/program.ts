import type { CommandEntry } from './command.ts';

/** All commands, sorted by name. */
const commands: readonly CommandEntry[] = [
  {
    name: 'addmembers',
    summary: 'Add the members of a file to a list.',
    load: async () => (await import('./addmembers.ts')).addmembers,
  },
  {
    name: 'aliases',
    summary: 'Write the files that tell the mail server about the lists.',
    load: async () => (await import('./aliases.ts')).aliases,
  },
  {
    name: 'archive',
    summary: 'Import, export and tend the web archive of a list.',
    load: async () => (await import('./archive.ts')).archive,
  },
  {
    name: 'changeaddress',
    summary: 'Change the address of a member everywhere.',
    load: async () => (await import('./changeaddress.ts')).changeaddress,
  },
  {
    name: 'conf',
    summary: 'Show the configuration.',
    load: async () => (await import('./conf.ts')).conf,
  },
  {
    name: 'create',
    summary: 'Create a mailing list.',
    load: async () => (await import('./create.ts')).create,
  },
  {
    name: 'cutover',
    summary: 'Move lists from a Mailman 2.1 that runs beside, and back.',
    load: async () => (await import('./cutover.ts')).cutover,
  },
  {
    name: 'delmembers',
    summary: 'Remove members from one list or from all.',
    load: async () => (await import('./delmembers.ts')).delmembers,
  },
  {
    name: 'digests',
    summary: 'Send digests, or change their number.',
    load: async () => (await import('./digests.ts')).digests,
  },
  {
    name: 'domains',
    summary: 'List the domains, or set an alias domain.',
    load: async () => (await import('./domains.ts')).domains,
  },
  {
    name: 'export',
    summary: 'Write all that a list has, for import.',
    load: async () => (await import('./export.ts')).exportList,
  },
  {
    name: 'findmember',
    summary: 'Find the lists that an address is on.',
    load: async () => (await import('./findmember.ts')).findmember,
  },
  {
    name: 'gatenews',
    summary: 'Bring the posts of newsgroups to their lists.',
    load: async () => (await import('./gatenews.ts')).gatenews,
  },
  {
    name: 'help',
    summary: 'Show the commands, or what one of them takes.',
    load: async () => (await import('./help.ts')).helpOn(commands),
  },
  {
    name: 'import',
    summary: 'Make a list out of what export has written.',
    load: async () => (await import('./import.ts')).importFile,
  },
  {
    name: 'import21',
    summary: 'Bring a list over from Mailman 2.1.',
    load: async () => (await import('./import21.ts')).import21,
  },
  {
    name: 'info',
    summary: 'Show what this installation is and where its files are.',
    load: async () => (await import('./info.ts')).info,
  },
  {
    name: 'inject',
    summary: 'Put a message for a list into a queue.',
    load: async () => (await import('./inject.ts')).inject,
  },
  {
    name: 'legacy',
    summary: 'Run one of the commands of Mailman 2.1, such as list_members.',
    load: async () => (await import('./legacy.ts')).legacyOver(findCommand),
  },
  {
    name: 'lists',
    summary: 'List the mailing lists.',
    load: async () => (await import('./lists.ts')).lists,
  },
  {
    name: 'lists_conf',
    summary: 'Show the settings of lists as lines of JSON.',
    load: async () => (await import('./lists-conf.ts')).listsConf,
  },
  {
    name: 'lists_members',
    summary: 'Show memberships of lists as lines of JSON, or remove them.',
    load: async () => (await import('./lists-members.ts')).listsMembers,
  },
  {
    name: 'members',
    summary: 'List the members of a list.',
    load: async () => (await import('./members.ts')).members,
  },
  {
    name: 'migrate',
    summary: 'Bring a whole Mailman 2.1 site over, or a list back.',
    load: async () => (await import('./migrate.ts')).migrate,
  },
  {
    name: 'notify',
    summary: 'Remind moderators of what waits for them.',
    load: async () => (await import('./notify.ts')).notify,
  },
  {
    name: 'qfile',
    summary: 'Show a message in a queue.',
    load: async () => (await import('./qfile.ts')).qfile,
  },
  {
    name: 'queues',
    summary: 'Show how many messages each queue holds, or which.',
    load: async () => (await import('./queues.ts')).queues,
  },
  {
    name: 'remove',
    summary: 'Remove a mailing list.',
    load: async () => (await import('./remove.ts')).remove,
  },
  {
    name: 'reopen',
    summary: 'Make the server reopen its log files.',
    load: async () => (await import('./reopen.ts')).reopen,
  },
  {
    name: 'restart',
    summary: 'Restart the server.',
    load: async () => (await import('./restart.ts')).restart,
  },
  {
    name: 'shell',
    summary: 'Run one of the scripts that Mailman 3 ran with shell --run.',
    load: async () => (await import('./shell.ts')).shellOver(findCommand),
  },
  {
    name: 'start',
    summary: 'Start the server.',
    load: async () => (await import('./start.ts')).start,
  },
  {
    name: 'status',
    summary: 'Say whether the server is running.',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'stop',
    summary: 'Stop the server.',
    load: async () => (await import('./stop.ts')).stop,
  },
  {
    name: 'syncmembers',
    summary: 'Make the members of a list those of a file.',
    load: async () => (await import('./syncmembers.ts')).syncmembers,
  },
  {
    name: 'unshunt',
    summary: 'Put shunted messages back into their queues.',
    load: async () => (await import('./unshunt.ts')).unshunt,
  },
  {
    name: 'users',
    summary: 'Show the users as lines of JSON, or remove them.',
    load: async () => (await import('./users.ts')).users,
  },
  {
    name: 'version',
    summary: 'Show the version.',
    load: async () => (await import('./version.ts')).version,
  },
  {
    name: 'withlist',
    summary: 'The same as shell.',
    load: async () => (await import('./shell.ts')).shellOver(findCommand),
  },
];

/** The command of this name. */
export function findCommand(name: string): CommandEntry | undefined {
  return commands.find((command) => command.name === name);
}

/**
 * The Python class paths of Mailman's own files and what stands for each here. They are names, nothing is run.
 */
export const DATABASE_CLASSES = {
  'mailman.database.sqlite.SQLiteDatabase': 'sqlite',
  'mailman.database.postgresql.PostgreSQLDatabase': 'postgresql',
  'mailman.database.mysql.MySQLDatabase': 'mysql',
} as const;

export const INCOMING_CLASSES = {
  'mailman.mta.postfix.LMTP': 'postfix',
  'mailman.mta.exim4.LMTP': 'exim4',
  'mailman.mta.null.NullMTA': 'null',
} as const;

export const OUTGOING_FUNCTIONS = { 'mailman.mta.deliver.deliver': 'deliver' } as const;

export const RUNNER_CLASSES = {
  'mailman.runners.archive.ArchiveRunner': 'archive',
  'mailman.runners.fake.BadRunner': 'bad',
  'mailman.runners.bounce.BounceRunner': 'bounces',
  'mailman.runners.command.CommandRunner': 'command',
  'mailman.runners.digest.DigestRunner': 'digest',
  'mailman.runners.incoming.IncomingRunner': 'in',
  'mailman.runners.lmtp.LMTPRunner': 'lmtp',
  'mailman.runners.nntp.NNTPRunner': 'nntp',
  'mailman.runners.outgoing.OutgoingRunner': 'out',
  'mailman.runners.pipeline.PipelineRunner': 'pipeline',
  'mailman.runners.rest.RESTRunner': 'rest',
  'mailman.runners.retry.RetryRunner': 'retry',
  'mailman.runners.fake.ShuntRunner': 'shunt',
  'mailman.runners.task.TaskRunner': 'task',
  'mailman.runners.virgin.VirginRunner': 'virgin',
} as const;

export const ARCHIVER_CLASSES = {
  'mailman.archiving.mhonarc.MHonArc': 'mhonarc',
  'mailman.archiving.mailarchive.MailArchive': 'mail-archive',
  'mailman.archiving.prototype.Prototype': 'prototype',
  'mailman_hyperkitty.Archiver': 'hyperkitty',
} as const;

/** What a runner does. */
export type RunnerKind = (typeof RUNNER_CLASSES)[keyof typeof RUNNER_CLASSES];

/** Which archiver a section stands for. */
export type ArchiverKind = (typeof ARCHIVER_CLASSES)[keyof typeof ARCHIVER_CLASSES];

/** Looks a class path up, `undefined` when it is not one of Mailman's. */
export function kindOf<T extends string>(
  paths: Readonly<Record<string, T>>,
  classPath: string,
): T | undefined {
  return Object.hasOwn(paths, classPath) ? paths[classPath] : undefined;
}

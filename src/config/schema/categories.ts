import { shippedLanguages } from './languages.ts';
import {
  bool,
  charset,
  dottedName,
  duration,
  externalFile,
  int,
  key,
  oneOf,
  orEmpty,
  path,
  powerOfTwo,
  type SectionSpec,
  text,
} from './types.ts';

/** Sections `[category.NAME]` that all have the same keys, and of which a file may add more. */
export interface CategorySpec {
  /** The section with the defaults: `[category.PATTERN]`. */
  readonly pattern: 'master' | 'template';
  /** Whether Mailman shows the pattern among the sections. */
  readonly patternListed: boolean;
  readonly keys: SectionSpec;
  /** Keys without a default, known but not in every section. */
  readonly furtherKeys: SectionSpec;
  /** Whether a section may have any other key, for use as a variable. */
  readonly open: boolean;
  /** The sections that exist without a file, with the values that differ from the pattern. */
  readonly shipped: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const pathKeys = {
  var_dir: key(path, '/var/tmp/mailman', 'Root of all run-time data.'),
  queue_dir: key(path, '$var_dir/queue', 'Queues.'),
  bin_dir: key(path, '$argv', 'Where the commands are; $argv is the directory of the running one.'),
  list_data_dir: key(path, '$var_dir/lists', 'Data of single lists.'),
  log_dir: key(path, '$var_dir/logs', 'Logs.'),
  lock_dir: key(path, '$var_dir/locks', 'Locks.'),
  data_dir: key(path, '$var_dir/data', 'Database, and the maps for the mail server.'),
  cache_dir: key(path, '$var_dir/cache', 'Fetched templates.'),
  etc_dir: key(path, '$var_dir/etc', 'Configuration.'),
  ext_dir: key(path, '$var_dir/ext', 'Without effect.'),
  messages_dir: key(path, '$var_dir/messages', 'Kept messages.'),
  archive_dir: key(path, '$var_dir/archives', 'Files of archivers.'),
  template_dir: key(path, '$var_dir/templates', 'Templates of the site; :source: is the built-in ones.'),
  pid_file: key(path, '$var_dir/master.pid', 'Process number of the running server.'),
  lock_file: key(path, '$lock_dir/master.lck', 'Lock of the running server.'),
} as const;

export const runnerKeys = {
  class: key(
    dottedName,
    'mailman.core.runner.Runner',
    'What the runner does, by the name of its class in Mailman.',
  ),
  path: key(
    orEmpty(path),
    '$QUEUE_DIR/$name',
    'Directory of its queue; names of directories in upper case, and $name.',
  ),
  instances: key(powerOfTwo, '1', 'Slices of its queue in Mailman; without effect here.'),
  start: key(bool, 'yes', 'Whether it is started.'),
  max_restarts: key(int(), '10', 'Without effect: there are no processes for runners.'),
  sleep_time: key(duration, '1s', 'Pause when there is nothing to do.'),
} as const;

export const loggerKeys = {
  format: key(text, '%(asctime)s (%(process)d) %(message)s', 'Form of a line.'),
  datefmt: key(text, '%b %d %H:%M:%S %Y', 'Form of its date.'),
  propagate: key(bool, 'no', 'Whether lines go to the root log as well.'),
  level: key(
    oneOf('critical', 'fatal', 'error', 'warning', 'warn', 'info', 'debug', 'notset'),
    'info',
    'From which severity on lines are written.',
  ),
  path: key(path, 'mailman.log', 'File, from log_dir.'),
} as const;

export const deliveryLogKeys = {
  every: key(text, '', 'Line for each message; the word no switches it off.'),
  success: key(text, '', 'Line for a message that all recipients got.'),
  refused: key(text, '', 'Line for a message with refused recipients.'),
  failure: key(text, '', 'Line for each refused recipient.'),
} as const;

export const archiverKeys = {
  class: key(orEmpty(dottedName), '', 'The archiver, by the name of its class in Mailman.'),
  enable: key(bool, 'no', 'Whether lists may use it.'),
  configuration: key(externalFile, 'changeme', 'File with its settings.'),
  clobber_date: key(
    oneOf('never', 'maybe', 'always'),
    'maybe',
    'Whether the Date of a message is replaced in the archive.',
  ),
  clobber_skew: key(duration, '1d', 'How wrong a Date may be before "maybe" replaces it.'),
} as const;

export const languageKeys = {
  description: key(text, 'English (USA)', 'Name of the language, in English.'),
  charset: key(charset, 'us-ascii', 'Character set of mail in this language.'),
  enabled: key(bool, 'yes', 'Whether the language can be chosen.'),
} as const;

export const pluginKeys = {
  class: key(orEmpty(dottedName), '', 'Python class of the plugin, never run.'),
  enabled: key(bool, 'no', 'Whether Mailman loads it.'),
  configuration: key(externalFile, '', 'File with its settings.'),
  component_package: key(orEmpty(dottedName), '', 'Without effect.'),
} as const;

function category(keys: SectionSpec, rest: Partial<CategorySpec>): CategorySpec {
  return {
    pattern: 'master',
    patternListed: false,
    keys,
    furtherKeys: {},
    open: false,
    shipped: {},
    ...rest,
  };
}

const debian = {
  var_dir: '/var/lib/mailman3',
  queue_dir: '$var_dir/queue',
  bin_dir: '/usr/lib/mailman3/bin',
  log_dir: '/var/log/mailman3',
  etc_dir: '/etc/mailman3',
  pid_file: '/run/mailman3/master.pid',
};

const fhs = {
  var_dir: '/var/lib/mailman',
  queue_dir: '/var/spool/mailman',
  log_dir: '/var/log/mailman',
  lock_dir: '/var/lock/mailman',
  etc_dir: '/etc',
  ext_dir: '/etc/mailman.d',
  bin_dir: '/sbin',
  pid_file: '/var/run/mailman/master.pid',
};

const loggers = {
  ...{ root: {}, archiver: {}, config: {}, error: {}, fromusenet: {}, locks: {}, mischief: {}, runner: {} },
  ...{ subscribe: {}, task: {}, vette: {} },
  bounce: { path: 'bounce.log' },
  database: { level: 'warn' },
  debug: { path: 'debug.log', level: 'info' },
  http: { format: '%(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"' },
  plugins: { path: 'plugins.log' },
  smtp: {
    path: 'smtp.log',
    every: '$msgid smtp to $listname for $recip recips, completed in $time seconds',
    success: '$msgid post to $listname from $sender, $size bytes',
    refused: '$msgid post to $listname from $sender, $size bytes, $refused failures',
    failure: '$msgid delivery to $recip failed with code $smtpcode, $smtpmsg',
  },
};

/** All categories, by the first part of their section names. */
export const categories = {
  paths: category(pathKeys, {
    open: true,
    shipped: { local: {}, here: { var_dir: '$cwd/var' }, dev: { var_dir: '$cfg_file/../..' }, fhs, debian },
  }),
  runner: category(runnerKeys, {
    shipped: {
      archive: { class: 'mailman.runners.archive.ArchiveRunner' },
      bad: { class: 'mailman.runners.fake.BadRunner', start: 'no' },
      bounces: { class: 'mailman.runners.bounce.BounceRunner', sleep_time: '2m' },
      command: { class: 'mailman.runners.command.CommandRunner' },
      digest: { class: 'mailman.runners.digest.DigestRunner' },
      in: { class: 'mailman.runners.incoming.IncomingRunner' },
      lmtp: { class: 'mailman.runners.lmtp.LMTPRunner', path: '' },
      nntp: { class: 'mailman.runners.nntp.NNTPRunner' },
      out: { class: 'mailman.runners.outgoing.OutgoingRunner' },
      pipeline: { class: 'mailman.runners.pipeline.PipelineRunner' },
      rest: { class: 'mailman.runners.rest.RESTRunner', path: '' },
      retry: { class: 'mailman.runners.retry.RetryRunner', sleep_time: '15m' },
      shunt: { class: 'mailman.runners.fake.ShuntRunner', start: 'no' },
      task: { class: 'mailman.runners.task.TaskRunner', path: '', sleep_time: '1m' },
      virgin: { class: 'mailman.runners.virgin.VirginRunner' },
    },
  }),
  logging: category(loggerKeys, { pattern: 'template', furtherKeys: deliveryLogKeys, shipped: loggers }),
  archiver: category(archiverKeys, {
    patternListed: true,
    shipped: {
      mhonarc: { class: 'mailman.archiving.mhonarc.MHonArc', configuration: 'python:mailman.config.mhonarc' },
      mail_archive: {
        class: 'mailman.archiving.mailarchive.MailArchive',
        configuration: 'python:mailman.config.mail_archive',
      },
      prototype: { class: 'mailman.archiving.prototype.Prototype' },
    },
  }),
  language: category(languageKeys, { shipped: shippedLanguages }),
  plugin: category(pluginKeys, { patternListed: true }),
} as const;

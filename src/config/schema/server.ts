import { DATABASE_CLASSES } from './classes.ts';
import {
  address,
  bool,
  characterClass,
  classPath,
  databaseUrl,
  duration,
  externalFile,
  host,
  int,
  key,
  languageCode,
  localPart,
  name,
  oneOf,
  orEmpty,
  path,
  port,
  regexpWords,
  text,
  words,
} from './types.ts';

const BANNER = [
  'This is the shell of a running mail system, with its configuration loaded.',
  'Changes to lists and members are kept when you commit them.',
  'Leave with the end-of-file key.',
  'Uncommitted changes are dropped then.',
].join('\n');

/** Sections about the server itself. */
export const serverSections = {
  mailman: {
    site_owner: key(address, 'changeme@example.com', 'The person who gets what cannot go to a list owner.'),
    noreply_address: key(
      localPart,
      'noreply',
      'Sender of mail that nobody should answer; the domain of the list is added.',
    ),
    default_language: key(languageCode, 'en', 'Language of the server.'),
    sender_headers: key(
      words,
      'from from_ reply-to sender',
      'Headers that tell who posted, in order; from_ is the envelope sender.',
    ),
    anonymous_list_keep_headers: key(
      regexpWords,
      '^x-mailman- ^x-content-filtered-by: ^x-topics:\n^x-ack: ^x-beenthere: ^x-list-administrivia: ^x-spam-',
      'X- headers that anonymous lists keep; a pattern that ends with a colon matches the whole name.',
    ),
    email_commands_max_lines: key(int(), '10', 'Lines of a mail that are read as commands.'),
    pending_request_life: key(duration, '3d', 'How long confirmation tokens of users are valid.'),
    moderator_request_life: key(
      duration,
      '180d',
      'How long tokens for moderators and held messages are kept.',
    ),
    cache_life: key(duration, '7d', 'How long fetched templates are kept.'),
    run_tasks_every: key(duration, '1h', 'How often the recurring clean-up runs.'),
    layout: key(name, 'here', 'The [paths.NAME] section that is used.'),
    filtered_messages_are_preservable: key(
      bool,
      'no',
      'Whether a list may preserve what its content filter took.',
    ),
    html_to_plain_text_command: key(
      text,
      '/usr/bin/lynx -dump $filename',
      'Converts HTML to text; $filename is the input.',
    ),
    filter_report: key(bool, 'no', 'Whether a report of removed parts is added to a filtered message.'),
    listname_chars: key(characterClass, '[-_.0-9a-z]', 'Characters that a list name may have.'),
    hold_digest: key(bool, 'no', 'Whether replies to digests are held.'),
    masthead_threshold: key(int(), '4', 'Lines of a digest masthead that make a post a quoted digest.'),
    check_max_size_on_filtered_message: key(
      bool,
      'no',
      'Whether the size limit is measured after content filtering.',
    ),
    pre_hook: key(text, '', 'Obsolete: a Python function, never run.'),
    post_hook: key(text, '', 'Obsolete: a Python function, never run.'),
  },
  database: {
    class: key(
      classPath(DATABASE_CLASSES),
      'mailman.database.sqlite.SQLiteDatabase',
      'Kind of database; the URL decides.',
    ),
    url: key(
      databaseUrl,
      'sqlite:///$DATA_DIR/mailman.db',
      'Where the database is; names of directories in upper case.',
    ),
    debug: key(bool, 'no', 'Whether statements are logged.'),
  },
  webservice: {
    hostname: key(host, 'localhost', 'Where the REST API listens, and the host in its links.'),
    port: key(port, '8001', 'Port of the REST API.'),
    use_https: key(bool, 'no', 'Whether links of the REST API begin with https; a proxy provides it.'),
    show_tracebacks: key(bool, 'yes', 'Without effect.'),
    api_version: key(text, '3.1', 'Version that "mailman info" shows in the root URL.'),
    admin_user: key(text, 'restadmin', 'Name that REST clients log in with.'),
    admin_pass: key(text, 'restpass', 'Password that REST clients log in with.'),
    workers: key(int(1), '2', 'Processes of the REST server in Mailman; one process serves all here.'),
    configuration: key(
      externalFile,
      'python:mailman.config.gunicorn',
      'File with settings of the REST server.',
    ),
  },
  bounces: {
    register_bounces_every: key(duration, '15m', 'Without effect; see [runner.bounces] sleep_time.'),
  },
  styles: {
    default: key(name, 'legacy-default', 'Style of a new list when none is asked for.'),
  },
  passwords: {
    configuration: key(
      externalFile,
      'python:mailman.config.passlib',
      'File with the hash methods of Mailman.',
    ),
    password_length: key(int(1, 1024), '8', 'Length of generated passwords.'),
  },
  shell: {
    prompt: key(text, '>>>', 'Prompt of the shell.'),
    banner: key(text, BANNER, 'Greeting of the shell.'),
    use_ipython: key(
      oneOf('yes', 'no', 'debug', 'true', 'false', 'on', 'off', '1', '0'),
      'no',
      'Without effect.',
    ),
    history_file: key(
      orEmpty(path),
      '',
      'Where the shell keeps its history; names of directories in lower case.',
    ),
  },
  devmode: {
    enabled: key(bool, 'no', 'Developer mode: all mail goes to one recipient.'),
    recipient: key(orEmpty(address), '', 'Who gets all mail in developer mode.'),
    testing: key(bool, 'no', 'Without effect.'),
    wait: key(duration, '60s', 'Without effect.'),
  },
} as const;

/** Keys that earlier versions of Mailman had in their files. */
export const obsoleteKeys: Readonly<Record<string, readonly string[]>> = {
  database: ['migrations_path'],
  passwords: ['password_scheme'],
  styles: ['paths'],
};

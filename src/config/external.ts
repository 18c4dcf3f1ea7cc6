import { readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { ConfigError } from './errors.ts';
import { type Entry, parseConfig } from './parse.ts';
import { reasonOf } from './reasons.ts';
import type { ExternalFile } from './schema/types.ts';
import { quote } from './values.ts';

type Values = Readonly<Record<string, string>>;

/** Files that Mailman has inside its Python packages, as `python:` names them. */
const BUILT_IN: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  'mailman.config.postfix': {
    postfix: { postmap_command: '/usr/sbin/postmap', transport_file_type: 'hash' },
  },
  'mailman.config.exim4': { exim4: {} },
  'mailman.config.mhonarc': {
    general: {
      base_url: 'http://$hostname/archives/$fqdn_listname',
      command: '/usr/bin/mhonarc -outdir /path/to/archive/$listname -add',
    },
  },
  'mailman.config.mail_archive': {
    general: { base_url: 'https://www.mail-archive.com/', recipient: 'archive@mail-archive.com' },
  },
  'mailman.config.gunicorn': { gunicorn: { graceful_timeout: '30', timeout: '360' } },
  'mailman.config.passlib': { passlib: { schemes: 'sha512_crypt, sha256_crypt' } },
};

/** How the maps for Postfix are written. */
export interface PostfixSettings {
  readonly postmap_command: string;
  /** `hash`, `regex`, or another type of Postfix table, for which nothing is run. */
  readonly transport_file_type: string;
  /** Whether somebody has named the command, and not left it at where Postfix usually has it. */
  readonly isCommandGiven: boolean;
}

/** The settings of the file that `[mta] configuration` names, with the built-in ones for what it leaves out. */
export function readPostfixSettings(config: Config): PostfixSettings {
  const defaults = BUILT_IN['mailman.config.postfix']?.postfix ?? {};
  const { file, values } = readExternal(config, 'mta', config.mta.configuration, 'postfix');
  for (const [key, { line }] of values) {
    if (!Object.hasOwn(defaults, key)) {
      const expected = Object.keys(defaults).join(', ');
      throw new ConfigError([`${file}:${line}: [postfix] ${key}: no such key; expected one of ${expected}`]);
    }
  }
  const type = values.get('transport_file_type');
  const found = type?.value ?? defaults.transport_file_type ?? 'hash';
  if (!/^[a-z]+$/.test(found)) {
    throw new ConfigError([
      `${file}:${type?.line ?? 1}: [postfix] transport_file_type: found ${quote(found)}, expected hash or regex`,
    ]);
  }
  return {
    isCommandGiven: config.mta.configuration.kind === 'file' && values.has('postmap_command'),
    postmap_command: values.get('postmap_command')?.value ?? defaults.postmap_command ?? '',
    // Postfix's own word for Mailman's "regex"; Mailman would write plain addresses for it, which match nothing.
    transport_file_type: found === 'regexp' ? 'regex' : found,
  };
}

/** The `[general]` settings of the file that `[archiver.NAME] configuration` names. */
export function readArchiverSettings(config: Config, archiver: string): Values {
  const external = config.archivers.get(archiver)?.configuration ?? { kind: 'none' };
  const { values } = readExternal(config, `archiver.${archiver}`, external, 'general');
  return Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
}

function readExternal(
  config: Config,
  section: string,
  external: ExternalFile,
  heading: string,
): { file: string; values: ReadonlyMap<string, Entry> } {
  const where = config.where(section, 'configuration');
  if (external.kind === 'none') return { file: '', values: new Map() };
  if (external.kind === 'builtin') {
    const found = Object.hasOwn(BUILT_IN, external.module) ? BUILT_IN[external.module] : undefined;
    if (found === undefined) {
      const known = Object.keys(BUILT_IN).map((module) => `python:${module}`);
      throw new ConfigError([
        `${where}: found 'python:${external.module}', expected an absolute path or one of ${known.join(', ')}`,
      ]);
    }
    const entries = Object.entries(found[heading] ?? {}).map(
      ([key, value]) => [key, { value, line: 1 }] as const,
    );
    return { file: `python:${external.module}`, values: new Map(entries) };
  }
  const file = external.path;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ConfigError([
      `${where}: ${file} cannot be read (${reasonOf(error)}), expected a file with [${heading}]`,
    ]);
  }
  const found = parseConfig(bytes, file).get(heading);
  if (found === undefined) throw new ConfigError([`${file}: found no section [${heading}], expected one`]);
  return { file, values: found.entries };
}

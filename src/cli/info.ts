import { hostInUrl } from '../config/host-in-url.ts';
import type { Config } from '../config/index.ts';
import { hidePassword } from '../database/url.ts';
import type { CliCommand } from './command.ts';
import { openTarget } from './output-file.ts';
import { versionLine } from './version.ts';

const PATH_KEYS = [
  'archive_dir',
  'bin_dir',
  'cache_dir',
  'cfg_file',
  'data_dir',
  'etc_dir',
  'list_data_dir',
  'lock_dir',
  'lock_file',
  'log_dir',
  'messages_dir',
  'pid_file',
  'queue_dir',
  'template_dir',
  'var_dir',
] as const;

const NAME_WIDTH = 24;

interface Options {
  readonly output?: string;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `mailman info` */
export const info: CliCommand = {
  define: (command, context) => {
    command
      .description('Show the version, the configuration file, the database and the address of the REST API.')
      .option('-o, --output <FILE>', 'Write to this file; - is standard output.')
      .option('-v, --verbose', 'Show the paths too.')
      .option('--json', 'Show it all as JSON.')
      .action(({ output, verbose, json }: Options) => {
        const config = context.config();
        const target = openTarget(context, output);
        if (json) target.printJson(toJson(config));
        else for (const line of format(config, verbose === true)) target.print(line);
        target.finish();
      });
  },
};

function format(config: Config, verbose: boolean): string[] {
  const { admin_user, admin_pass } = config.webservice;
  const lines = [
    versionLine(),
    `Node.js ${process.version}`,
    `config file: ${config.file ?? 'none, built-in values only'}`,
    `db url: ${hidePassword(config.database.url)}`,
    `devmode: ${config.devmode.enabled ? 'ENABLED' : 'DISABLED'}`,
    `REST root url: ${restRoot(config)}`,
    `REST credentials: ${admin_user}:${admin_pass}`,
  ];
  if (!verbose) return lines;
  const paths = PATH_KEYS.map(
    (key) => `    ${key.toUpperCase().padEnd(NAME_WIDTH)} = ${pathOf(config, key)}`,
  );
  return [...lines, '', 'File system paths:', ...paths];
}

function toJson(config: Config) {
  return {
    version: versionLine(),
    node: process.version,
    config_file: config.file ?? null,
    db_url: hidePassword(config.database.url),
    devmode: config.devmode.enabled,
    rest_root_url: restRoot(config),
    rest_user: config.webservice.admin_user,
    rest_password: config.webservice.admin_pass,
    paths: Object.fromEntries(PATH_KEYS.map((key) => [key, pathOf(config, key)])),
  };
}

function restRoot({ webservice }: Config): string {
  const { use_https, hostname, port, api_version } = webservice;
  return `${use_https ? 'https' : 'http'}://${hostInUrl(hostname)}:${port}/${api_version}/`;
}

function pathOf(config: Config, key: (typeof PATH_KEYS)[number]): string {
  return key === 'cfg_file' ? (config.file ?? '') : (config.paths[key] ?? '');
}

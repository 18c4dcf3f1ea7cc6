import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkTogether } from './check.ts';
import type { ArchiverConfig, Config, LoggerConfig, RunnerConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { reachableHost } from './host-in-url.ts';
import { locateConfig, locateExtraConfig, processSurroundings, type Surroundings } from './locate.ts';
import { parseConfig } from './parse.ts';
import { expandPaths, lowerCaseVariables, type Paths, upperCaseVariables } from './paths.ts';
import { reasonOf } from './reasons.ts';
import {
  archiverKeys,
  deliveryLogKeys,
  languageKeys,
  loggerKeys,
  pluginKeys,
  runnerKeys,
} from './schema/categories.ts';
import { ARCHIVER_CLASSES, kindOf, RUNNER_CLASSES } from './schema/classes.ts';
import { type SingleName, singleSections } from './schema/index.ts';
import type { SectionSpec, SectionValues } from './schema/types.ts';
import { type Findings, mergeSettings, type Settings, type SourceFile } from './settings.ts';
import { substitute } from './substitute.ts';
import { InvalidValueError } from './values.ts';

/** What to load, and where from. */
export interface LoadOptions {
  /** The file of `-C`; without it the usual places are searched. */
  readonly file?: string | undefined;
  readonly surroundings?: Surroundings;
}

/**
 * Finds, reads, checks and expands the configuration. Throws UsageError when the given file does not exist, and
 * ConfigError, with one line for each problem, when something in a file is wrong.
 */
export function loadConfig(options: LoadOptions = {}): Config {
  const surroundings = options.surroundings ?? processSurroundings();
  const file = locateConfig(options.file, surroundings);
  const files = [file, locateExtraConfig(surroundings)].filter((one) => one !== undefined).map(readSource);
  const findings: Findings = { problems: [], notices: [] };
  const settings = mergeSettings(files, findings);
  const values = readAll(settings, findings);
  stopOn(findings);
  const paths = expandPaths(settings, file, surroundings, findings);
  stopOn(findings);
  const config = assemble(settings, values, paths, file, findings);
  checkTogether(config, findings);
  stopOn(findings);
  return config;
}

function stopOn({ problems }: Findings): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

function readSource(file: string): SourceFile {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ConfigError([
      `${file}: cannot be read (${reasonOf(error)}), expected a readable configuration file`,
    ]);
  }
  return { file, sections: parseConfig(bytes, file) };
}

type AllValues = ReturnType<typeof readAll>;

function readAll(settings: Settings, findings: Findings) {
  const read = <S extends SectionSpec>(spec: S, section: string) =>
    readSection(spec, section, settings, findings);
  const members = <S extends SectionSpec>(spec: S, category: string) =>
    settings.members(category).map((name) => [name, read(spec, `${category}.${name}`)] as const);
  const singles = Object.fromEntries(
    Object.entries<SectionSpec>(singleSections).map(([name, spec]) => [name, read(spec, name)]),
  ) as Pick<Config, SingleName>;
  for (const category of ['archiver', 'plugin'] as const) {
    read(category === 'archiver' ? archiverKeys : pluginKeys, `${category}.master`);
  }
  return {
    singles,
    runners: members(runnerKeys, 'runner'),
    archivers: members(archiverKeys, 'archiver'),
    loggers: members(loggerKeys, 'logging'),
    languages: members(languageKeys, 'language'),
    plugins: members(pluginKeys, 'plugin'),
  };
}

function readSection<S extends SectionSpec>(
  spec: S,
  section: string,
  settings: Settings,
  { problems }: Findings,
): SectionValues<S> {
  const values: Record<string, unknown> = {};
  for (const [key, { type }] of Object.entries(spec)) {
    try {
      values[key] = type.parse(settings.value(section, key));
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      const comment = /\s#/.test(settings.value(section, key)) ? ' (a comment needs a line of its own)' : '';
      problems.push(`${settings.where(section, key)}: ${error.message}${comment}`);
    }
  }
  return Object.freeze(values) as SectionValues<S>;
}

function assemble(
  settings: Settings,
  values: AllValues,
  paths: Paths,
  file: string | undefined,
  findings: Findings,
): Config {
  const { singles } = values;
  const upper = upperCaseVariables(paths);
  return Object.freeze({
    ...singles,
    database: Object.freeze({ ...singles.database, url: substitute(singles.database.url, upper) }),
    archive: Object.freeze({ ...singles.archive, url: substitute(singles.archive.url, upper) }),
    shell: Object.freeze({
      ...singles.shell,
      history_file: substitute(singles.shell.history_file, lowerCaseVariables(paths)),
    }),
    web: Object.freeze({ ...singles.web, base_url: baseUrl(singles.web) }),
    file,
    paths,
    runners: byName(values.runners, (name, runner): RunnerConfig => {
      const path = substitute(runner.path, (variable) => (variable === 'name' ? name : upper(variable)));
      return {
        ...runner,
        name,
        kind: kindOf(RUNNER_CLASSES, runner.class),
        path: path === '' ? '' : resolve(paths.var_dir, path),
      };
    }),
    archivers: byName(
      values.archivers,
      (name, archiver): ArchiverConfig => ({
        ...archiver,
        name,
        kind: kindOf(ARCHIVER_CLASSES, archiver.class),
      }),
    ),
    loggers: byName(
      values.loggers,
      (name, logger): LoggerConfig => ({
        ...deliveryLines(settings, name),
        ...logger,
        name,
        path: resolve(paths.log_dir, logger.path),
      }),
    ),
    languages: byName(values.languages, (code, language) => ({ ...language, code })),
    plugins: byName(values.plugins, (name, plugin) => ({ ...plugin, name })),
    notices: findings.notices,
    rawSections: () => settings.names(),
    raw: (section: string) => {
      const entries = settings.section(section);
      return entries && Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));
    },
    where: (section: string, key: string) => settings.where(section, key),
  });
}

function byName<T, R>(
  entries: readonly (readonly [string, T])[],
  make: (name: string, value: T) => R,
): ReadonlyMap<string, R> {
  return new Map(entries.map(([name, value]) => [name, Object.freeze(make(name, value))]));
}

function deliveryLines(settings: Settings, logger: string): Partial<SectionValues<typeof deliveryLogKeys>> {
  const section = settings.section(`logging.${logger}`);
  const given = Object.keys(deliveryLogKeys).map((key) => [key, section?.get(key)?.value] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function baseUrl({ base_url, host, port }: Config['web']): string {
  return base_url === '' ? `http://${reachableHost(host)}:${port}` : base_url.replace(/\/+$/, '');
}

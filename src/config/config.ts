import type { Paths } from './paths.ts';
import type {
  archiverKeys,
  deliveryLogKeys,
  languageKeys,
  loggerKeys,
  pluginKeys,
  runnerKeys,
} from './schema/categories.ts';
import type { ArchiverKind, RunnerKind } from './schema/classes.ts';
import type { singleSections } from './schema/index.ts';
import type { SectionValues } from './schema/types.ts';

/** A `[runner.NAME]` section; `path` is absolute or empty, `kind` is what its class stands for. */
export type RunnerConfig = SectionValues<typeof runnerKeys> & {
  readonly name: string;
  readonly kind: RunnerKind | undefined;
};

/** An `[archiver.NAME]` section; `kind` is what its class stands for. */
export type ArchiverConfig = SectionValues<typeof archiverKeys> & {
  readonly name: string;
  readonly kind: ArchiverKind | undefined;
};

/** A `[logging.NAME]` section; `path` is absolute. The delivery lines are those of `[logging.smtp]`. */
export type LoggerConfig = SectionValues<typeof loggerKeys> &
  Partial<SectionValues<typeof deliveryLogKeys>> & { readonly name: string };

/** A `[language.CODE]` section. */
export type LanguageConfig = SectionValues<typeof languageKeys> & { readonly code: string };

/** A `[plugin.NAME]` section, known but never run. */
export type PluginConfig = SectionValues<typeof pluginKeys> & { readonly name: string };

type SingleSections = {
  readonly [N in keyof typeof singleSections]: SectionValues<(typeof singleSections)[N]>;
};

/**
 * The whole configuration, read, checked and expanded: `config.mta.smtp_port` is a number, `config.database.url` has
 * its directories filled in. Nothing in it changes after loading.
 */
export interface Config extends SingleSections {
  /** The file it was read from; none when only built-in values are in use. */
  readonly file: string | undefined;
  /** The layout in use, expanded. */
  readonly paths: Paths;
  readonly runners: ReadonlyMap<string, RunnerConfig>;
  readonly archivers: ReadonlyMap<string, ArchiverConfig>;
  readonly loggers: ReadonlyMap<string, LoggerConfig>;
  /** All languages by code; only those with `enabled` can be chosen. */
  readonly languages: ReadonlyMap<string, LanguageConfig>;
  readonly plugins: ReadonlyMap<string, PluginConfig>;
  /** Settings that were understood but have no effect, one line each, for the log. */
  readonly notices: readonly string[];
  /** The names of all sections, sorted with upper case first. */
  rawSections(): readonly string[];
  /** The values of a section as written, unexpanded; `undefined` when there is no such section. */
  raw(section: string): Readonly<Record<string, string>> | undefined;
  /** Names a value in a message: `FILE:LINE: [section] key`. */
  where(section: string, key: string): string;
}

export type { ArchiverConfig, Config, LanguageConfig, LoggerConfig, RunnerConfig } from './config.ts';
export { ConfigError } from './errors.ts';
export { loadConfig } from './load.ts';

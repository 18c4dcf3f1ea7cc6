export type { ArchiverConfig, Config, LanguageConfig, LoggerConfig } from './config.ts';
export { loadConfig } from './load.ts';

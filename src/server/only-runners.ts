import type { Config } from '../config/index.ts';
import { UsageError } from '../errors.ts';

/**
 * The configuration with nothing started but what is named.
 * @param wanted names of `[runner.NAME]` sections, also with Mailman's `:SLICE:RANGE`; none means as configured
 * @throws UsageError naming one that does not exist
 */
export function onlyRunners(config: Config, wanted: readonly string[]): Config {
  if (wanted.length === 0) return config;
  const names = new Set(wanted.map((one) => one.split(':')[0] ?? ''));
  for (const name of names) {
    if (!config.runners.has(name)) throw new UsageError(`No such runner: ${name}`);
  }
  const runners = new Map(
    [...config.runners].map(([name, runner]) => [name, { ...runner, start: names.has(name) }]),
  );
  return { ...config, runners, web: { ...config.web, enabled: false } };
}

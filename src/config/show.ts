import { UsageError } from '../errors.ts';
import type { Config } from './config.ts';

/** Which part of the configuration to show. */
export interface ShowRequest {
  readonly section?: string | undefined;
  readonly key?: string | undefined;
}

/** The output of `mailman conf`: a bare value when section and key are given, else `[section] key: value` entries. */
export function showConfig(config: Config, { section, key }: ShowRequest): readonly string[] {
  if (section === undefined) {
    return config.rawSections().flatMap((name) => entriesOf(config.raw(name) ?? {}, name, key));
  }
  const values = config.raw(section);
  if (values === undefined) throw new UsageError(`No such section: ${section}`);
  if (key === undefined) return entriesOf(values, section, undefined);
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value === undefined) throw new UsageError(`Section ${section}: No such key: ${key}`);
  return [value];
}

function entriesOf(
  values: Readonly<Record<string, string>>,
  section: string,
  only: string | undefined,
): string[] {
  return Object.keys(values)
    .filter((key) => only === undefined || key === only)
    .sort()
    .map((key) => `[${section}] ${key}: ${values[key]}`);
}

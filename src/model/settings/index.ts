import { type SettingName, settingDefinitions } from './definitions.ts';
import { type SettingDefinition, SettingError } from './kinds.ts';

export type { SettingName } from './definitions.ts';
export { SettingError, type Topic } from './kinds.ts';

type Definitions = typeof settingDefinitions;

/** All settings of a list. */
export type ListSettings = {
  readonly [K in SettingName]: Definitions[K] extends SettingDefinition<infer T> ? T : never;
};

export const settingNames: readonly SettingName[] = (Object.keys(settingDefinitions) as SettingName[]).sort();

/** Whether a list has a setting of this name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingDefinitions, name);
}

const initial = Object.freeze(
  Object.fromEntries(settingNames.map((name) => [name, settingDefinitions[name].initial])),
) as ListSettings;

/** What a list has before a style is applied. */
export function initialSettings(): ListSettings {
  return initial;
}

/**
 * The settings with some of them replaced.
 * @throws SettingError naming the setting, what was found and what is expected
 */
export function changeSettings(settings: ListSettings, changes: Partial<ListSettings>): ListSettings {
  for (const [name, value] of Object.entries(changes)) checkSetting(name, value);
  return { ...settings, ...changes };
}

/** @throws SettingError naming the setting, what was found and what is expected */
export function checkSetting(name: string, value: unknown): void {
  if (!isSettingName(name)) throw new SettingError(`There is no list setting ${name}`);
  const { kind } = settingDefinitions[name];
  if (!kind.accepts(value))
    throw new SettingError(`Setting ${name} is ${shorten(value)}; expected ${kind.expected}`);
}

/** A setting as Mailman's REST API shows it: durations as `7d`, all else as it is. */
export function showSetting<K extends SettingName>(name: K, value: ListSettings[K]): unknown {
  const definition = settingDefinitions[name] as unknown as SettingDefinition<ListSettings[K]>;
  return definition.kind.show ? definition.kind.show(value) : value;
}

/**
 * The inverse of `showSetting`.
 * @throws SettingError
 */
export function readSetting(name: SettingName, shown: unknown): unknown {
  const { kind } = settingDefinitions[name] as SettingDefinition<unknown>;
  const value = kind.read ? kind.read(shown) : shown;
  if (value === undefined)
    throw new SettingError(`Setting ${name} is ${shorten(shown)}; expected it as it is shown, such as 7d`);
  checkSetting(name, value);
  return value;
}

/** Whether a setting is a password, to be shown only where secrets are asked for. */
export function isSecretSetting(name: SettingName): boolean {
  return settingDefinitions[name].exposure === 'secret';
}

function shorten(value: unknown): string {
  const shown = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? String(value));
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

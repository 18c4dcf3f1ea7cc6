import type { MailingList } from '../../src/model/mailing-list.ts';
import {
  checkSetting,
  type ListSettings,
  SettingError,
  type SettingName,
} from '../../src/model/settings/index.ts';
import type { Verbatim } from '../../src/model/verbatim.ts';
import { numberOf, type PickleValue, type PyDict } from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';
import type { Notes } from './report.ts';
import { toVerbatim } from './verbatim.ts';

/** One config.pck on its way: what it holds, and what it becomes. */
export interface Conversion {
  readonly config: PyDict;
  /** The list that it is imported into. */
  readonly list: Pick<MailingList, 'listName' | 'mailHost'>;
  readonly texts: TextDecoding;
  readonly notes: Notes;
  readonly settings: Partial<Record<SettingName, unknown>>;
  readonly legacySettings: Record<string, Verbatim>;
}

/** Stores a converted setting; one that does not fit is reported, and its old value kept by `keepAside`. */
export function setSetting<K extends SettingName>(
  conversion: Conversion,
  key: string,
  name: K,
  value: ListSettings[K] | undefined,
): void {
  try {
    checkSetting(name, value);
    conversion.settings[name] = value;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const old = conversion.config.get(key) ?? null;
    conversion.legacySettings[key] = toVerbatim(old, conversion.texts);
    conversion.notes.needsPerson(
      key,
      `value ${shortly(conversion, old)} has no meaning here; ${name} stays as it is`,
    );
  }
}

/** Keeps a value of Mailman 2.1 exactly as it was. */
export function keepAside({ config, legacySettings, texts }: Conversion, key: string): void {
  legacySettings[key] = toVerbatim(config.get(key) ?? null, texts);
}

/** The number at a key, undefined where there is none. */
export function numberAt({ config }: Conversion, key: string): number | undefined {
  return numberOf(config.get(key));
}

/** The text at a key, undefined where there is none. */
export function textAt({ config, texts }: Conversion, key: string): string | undefined {
  return texts.read(config.get(key), key);
}

/** The texts of the list at a key; undefined where something in it is no text. */
export function textsAt(conversion: Conversion, key: string): string[] | undefined {
  const value = conversion.config.get(key);
  if (!Array.isArray(value)) return undefined;
  const items: string[] = [];
  for (const item of value) {
    const text = conversion.texts.read(item, key);
    if (text === undefined) return undefined;
    items.push(text);
  }
  return items;
}

function shortly({ texts }: Conversion, value: PickleValue): string {
  const shown = JSON.stringify(toVerbatim(value, texts));
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

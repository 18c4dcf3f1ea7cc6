import type { MailingList } from '../../src/model/mailing-list.ts';
import {
  checkSetting,
  type ListSettings,
  SettingError,
  type SettingName,
} from '../../src/model/settings/index.ts';
import { isSecretLegacySetting, type Verbatim } from '../../src/model/verbatim.ts';
import { numberOf, type PickleValue, PyDict } from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';
import type { Notes } from './report.ts';
import { toVerbatim } from './verbatim.ts';

/** One config.pck on its way: what it holds, and what it becomes. */
export interface Conversion {
  readonly config: PyDict;
  /** The list that it is imported into. */
  readonly list: Pick<MailingList, 'listName' | 'mailHost'>;
  /** Codes of the languages that this installation speaks. */
  readonly languages: ReadonlySet<string>;
  readonly texts: TextDecoding;
  readonly notes: Notes;
  readonly settings: Partial<Record<SettingName, unknown>>;
  readonly legacySettings: Map<string, Verbatim>;
}

/** The largest number that all three databases keep in a column. */
export const LARGEST_NUMBER = 2_147_483_647;

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
    keepOdd(conversion, key, `has no meaning here; ${name} stays as it is`);
  }
}

/** Keeps a value of Mailman 2.1 exactly as it was, and says why. */
export function keepAside(conversion: Conversion, key: string, reason: string): void {
  keep(conversion, key, conversion.config.get(key) ?? null);
  conversion.notes.keptAside(key, reason);
}

/** The same for a value that somebody should look at. */
export function keepOdd(conversion: Conversion, key: string, problem: string): void {
  const value = conversion.config.get(key) ?? null;
  keep(conversion, key, value);
  const shown = isSecretLegacySetting(key) ? '' : ` ${shortly(conversion, value)}`;
  conversion.notes.needsPerson(key, `value${shown} ${problem}`);
}

/** Keeps part of a value of Mailman 2.1; the caller notes it. */
export function keep({ legacySettings, texts }: Conversion, key: string, value: PickleValue): void {
  legacySettings.set(key, toVerbatim(value, texts));
}

/** The number at a key, undefined where there is none. */
export function numberAt({ config }: Conversion, key: string): number | undefined {
  return numberOf(config.get(key));
}

/** What counts as true or false at a key. A number that is neither 0 nor 1 counts as Python takes it, and is reported. */
export function truthAt(conversion: Conversion, key: string): boolean | undefined {
  const value = conversion.config.get(key);
  const number = value === null ? 0 : numberOf(value);
  if (number === undefined || Number.isNaN(number)) return undefined;
  if (number !== 0 && number !== 1) keepOdd(conversion, key, 'counts as true');
  return number !== 0;
}

/** The text at a key, undefined where there is none. */
export function textAt({ config, texts }: Conversion, key: string): string | undefined {
  return texts.read(config.get(key), key);
}

/** The dictionary at a key, an empty one where there is none. */
export function dictAt({ config }: Conversion, key: string): PyDict {
  const value = config.get(key);
  return value instanceof PyDict ? value : new PyDict();
}

/** The texts of the list at a key. What is no text in it is reported, and the whole value kept. */
export function textsAt(conversion: Conversion, key: string): string[] | undefined {
  const value = conversion.config.get(key);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => conversion.texts.read(item, key));
  const found = items.filter((item) => item !== undefined);
  if (found.length < items.length)
    keepOdd(
      conversion,
      key,
      `holds ${items.length - found.length} entries that are no texts; the others count`,
    );
  return found;
}

/** A piece of a value for a message. */
export function shortly({ texts }: Conversion, value: PickleValue): string {
  const shown = JSON.stringify(toVerbatim(value, texts));
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

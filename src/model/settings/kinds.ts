import { FerrymanError } from '../../errors.ts';
import { formatDuration, parseDuration } from '../time.ts';

/** A list setting was given a value that it cannot hold. */
export class SettingError extends FerrymanError {
  override name = 'SettingError';
}

/** One kind of value that a list setting can hold. */
export interface SettingKind<T> {
  /** What the kind is called in messages and documentation. */
  readonly expected: string;
  /** Whether this is such a value. */
  readonly accepts: (value: unknown) => boolean;
  /** Where only certain names are accepted: these, in Mailman's order. */
  readonly names?: readonly string[];
  /** The value as Mailman's REST API shows it, where that differs. */
  readonly show?: (value: T) => unknown;
  /** The inverse; undefined where it is no such value. */
  readonly read?: (shown: unknown) => T | undefined;
}

/** A list setting: its kind and what a new list has. */
export interface SettingDefinition<T> {
  readonly kind: SettingKind<T>;
  readonly initial: T;
  /** `rest` settings are those of Mailman 3's REST configuration; `stored` ones exist beside them. */
  readonly exposure: 'rest' | 'stored' | 'secret';
}

/** One topic of a list: posts that match a pattern (one per line) belong to it. */
export interface Topic {
  readonly name: string;
  readonly patterns: string;
  readonly description: string;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

export const bool: SettingKind<boolean> = {
  expected: 'a boolean',
  accepts: (value) => typeof value === 'boolean',
};

/** A whole number of at least 0. */
export const count: SettingKind<number> = {
  expected: 'a whole number of at least 0',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

export const real: SettingKind<number> = {
  expected: 'a number',
  accepts: (value) => Number.isFinite(value),
};

export const text: SettingKind<string> = { expected: 'a text', accepts: isText };

export const line: SettingKind<string> = {
  expected: 'a text of a single line',
  accepts: (value) => isText(value) && !/[\r\n]/.test(value),
};

export const textList: SettingKind<readonly string[]> = { expected: 'a list of texts', accepts: isTextList };

/** Seconds; REST shows days. */
export const duration: SettingKind<number> = {
  expected: 'a number of seconds',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  show: formatDuration,
  read: (shown) => (isText(shown) ? parseDuration(shown) : undefined),
};

export const password: SettingKind<string | null> = {
  expected: 'a password hash or null',
  accepts: (value) => value === null || isText(value),
};

export const topicList: SettingKind<readonly Topic[]> = {
  expected: 'a list of topics with name, patterns and description',
  accepts: (value) => Array.isArray(value) && value.every(isTopic),
};

/** One of a closed set of names. */
export function oneOf<const N extends readonly string[]>(names: N): SettingKind<N[number]> {
  return {
    expected: `one of ${names.join(', ')}`,
    names,
    accepts: (value) => isText(value) && names.includes(value),
  };
}

function isTopic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, patterns, description } = value as Partial<Topic>;
  return isText(name) && isText(patterns) && isText(description);
}

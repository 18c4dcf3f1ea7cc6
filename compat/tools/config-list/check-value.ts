import { numberOf, type PickleValue, PyBytes, PyTuple } from '../../../migrate/pickle/values.ts';
import { isValidAddress } from '../../../src/model/email-address.ts';
import type { Attribute } from './attributes.ts';

const DAY = 86_400;
const FILTER_ACTIONS = new Set([0, 2, 3, 6, 7]);

/** A value as config.pck holds it, or what is wrong with it. */
export type Checked =
  | { readonly value: PickleValue }
  | { readonly expected: string }
  | { readonly badAddress: string };

/** Checks the value that a file gives to a setting, and brings it into the form of config.pck. */
export function checkValue({ kind, labels = ['', ''] }: Attribute, value: PickleValue): Checked {
  switch (kind) {
    case 'toggle':
    case 'choice': {
      const code = numberOf(value);
      const isLegal = code !== undefined && Number.isInteger(code) && code >= 0 && code < labels.length;
      return isLegal ? { value } : { expected: `a number from 0 to ${labels.length - 1}` };
    }
    case 'number': {
      const number = numberOf(value);
      return number !== undefined && Number.isFinite(number) ? { value } : { expected: 'a number' };
    }
    case 'days': {
      const number = numberOf(value);
      if (number === undefined || !(number >= 0)) return { expected: 'a number of days' };
      return { value: Math.round(number * DAY) };
    }
    case 'text':
      return isText(value) ? { value } : { expected: 'a text' };
    case 'addresses':
    case 'patterns':
      return checkAddresses(toList(value), kind === 'patterns');
    case 'list':
    case 'lines': {
      const items = toList(value);
      return items ? { value: items } : { expected: 'a list of texts' };
    }
    case 'topics':
      return checkRows(value, (items) => items.length === 4 && items.slice(0, 3).every(isText), 'topics');
    case 'rules':
      return checkRows(
        value,
        ([pattern, action, ...others]) =>
          isText(pattern) && FILTER_ACTIONS.has(numberOf(action) ?? -1) && others.length === 1,
        'rules',
      );
  }
}

function isText(value: PickleValue | undefined): value is string | PyBytes {
  return typeof value === 'string' || value instanceof PyBytes;
}

function plain(value: string | PyBytes): string {
  return typeof value === 'string' ? value : value.latin1;
}

/** A list of texts, or a text with one of them a line. */
function toList(value: PickleValue): (string | PyBytes)[] | undefined {
  if (Array.isArray(value)) return value.every(isText) ? value.filter(isText) : undefined;
  if (!isText(value)) return undefined;
  const lines = plain(value)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return typeof value === 'string' ? lines : lines.map((line) => new PyBytes(line));
}

function checkAddresses(items: (string | PyBytes)[] | undefined, withPatterns: boolean): Checked {
  if (!items) return { expected: 'a list of addresses' };
  const bad = items.map(plain).find((item) => {
    if (withPatterns && (item.startsWith('^') || item.startsWith('@'))) return false;
    return !isValidAddress(item);
  });
  return bad === undefined ? { value: items } : { badAddress: bad };
}

function checkRows(
  value: PickleValue,
  isRow: (items: readonly PickleValue[]) => boolean,
  what: string,
): Checked {
  const rows = Array.isArray(value) ? value : [];
  const isLegal =
    Array.isArray(value) &&
    rows.every((row) => isRow(row instanceof PyTuple ? row.items : Array.isArray(row) ? row : []));
  return isLegal ? { value } : { expected: `a list of ${what}` };
}

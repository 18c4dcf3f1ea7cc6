import { unescape as unescapePercent } from 'node:querystring';
import { badRequest } from './errors.ts';
import { parseJsonBody } from './python-json.ts';

/** The parameters of a request by name, as they came: a text, a list of texts, or anything that JSON has. */
export type Input = ReadonlyMap<string, unknown>;

/** Parameters of one request; a list of members to remove may be long. */
const MOST_PARAMETERS = 500_000;

/**
 * Reads query and body. A JSON body counts alone; else the fields of a form come over those of the query. A repeated
 * name makes a list.
 * @throws RestError 400
 */
export function readInput(query: string, contentType: string | undefined, body: Buffer | undefined): Input {
  const type = contentType ?? '';
  if (type.startsWith('application/json')) return fromJson(parseJsonBody((body ?? '').toString()));
  const input = fields(query);
  if (body && type.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded') {
    for (const [name, value] of fields(body.toString())) input.set(name, value);
  }
  return input;
}

function fromJson(value: unknown): Input {
  if (Array.isArray(value) && value.length === 0) return new Map();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('The JSON body must be an object');
  return new Map(Object.entries(value));
}

/** Names and values of a query or a form. */
function fields(text: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (text === '') return found;
  const pairs = text.split('&');
  if (pairs.length > MOST_PARAMETERS) throw badRequest('Too many parameters');
  for (const pair of pairs) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = unescapePlus(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : unescapePlus(pair.slice(at + 1));
    const known = found.get(name);
    if (known === undefined) found.set(name, value);
    else if (Array.isArray(known)) known.push(value);
    else found.set(name, [known, value]);
  }
  return found;
}

function unescapePlus(text: string): string {
  return unescapePercent(text.replaceAll('+', ' '));
}

/** The path and query of a request target; percent-escapes of the path are resolved before it is cut into segments. */
export function splitTarget(target: string): {
  readonly segments: readonly string[];
  readonly query: string;
} {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  return {
    segments: unescapePercent(path).split('/').slice(1),
    query: at < 0 ? '' : target.slice(at + 1),
  };
}

/**
 * A value of Mailman 2.1 as JSON from which the very same value can be made again:
 *
 * - byte string in the list's charset: a JSON string; `unicode`: `{"$unicode": text}`
 * - bytes that are not in that charset: `{"$bytes": base64}`; bytearray: `{"$bytearray": base64}`
 * - int, bool, None: as in JSON; long and float: `{"$long": "12"}`, `{"$float": "1.5"}`
 * - list: array; tuple: `{"$tuple": [...]}`; sets: `{"$set": [...]}`, `{"$frozenset": [...]}`
 * - dict: `{"$dict": [[key, value], ...]}`
 * - class or function: `{"$global": "module.name"}`
 * - instance: `{"$class": "module.Name", "$making": how, "$args": [...]}` and, where it has them, `$state`, `$kwargs`,
 *   `$items` (of a list) and `$entries` (of a dict)
 */
export type Verbatim =
  | null
  | boolean
  | number
  | string
  | readonly Verbatim[]
  | { readonly [key: string]: Verbatim };

/** The same for people and scripts: strings, arrays and objects, without the marks that keep types apart. */
export function showVerbatim(value: Verbatim): Verbatim {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(showVerbatim);
  const [mark, content] = Object.entries(value)[0] ?? ['', null];
  switch (mark) {
    case '$unicode':
      return content;
    case '$long':
      return Number.isSafeInteger(Number(content)) ? Number(content) : value;
    case '$float':
      return Number.isFinite(Number(content)) ? Number(content) : value;
    case '$tuple':
    case '$set':
    case '$frozenset':
      return showVerbatim(content);
    case '$dict':
      return showDict(content as readonly (readonly [Verbatim, Verbatim])[]);
    default:
      return value;
  }
}

function showDict(entries: readonly (readonly [Verbatim, Verbatim])[]): Verbatim {
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const shown = showVerbatim(key);
      return [typeof shown === 'string' ? shown : JSON.stringify(shown), showVerbatim(item)];
    }),
  );
}

const SECRETS: ReadonlySet<string> = new Set([
  'bounce_info',
  'mod_password',
  'password',
  'passwords',
  'post_password',
]);

/** Whether a setting of Mailman 2.1 holds passwords or what opens the same doors, to be shown only where secrets are asked for. */
export function isSecretLegacySetting(name: string): boolean {
  return SECRETS.has(name);
}

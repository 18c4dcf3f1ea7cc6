/**
 * A value of Mailman 2.1 as JSON from which the very same value can be made again:
 *
 * - byte string in the list's charset: a JSON string; `unicode`: `{"$unicode": text}`
 * - bytes that are not in that charset: `{"$bytes": base64}`
 * - int, bool, None: as in JSON; long and float: `{"$long": "12"}`, `{"$float": "1.5"}`
 * - list: array; tuple: `{"$tuple": [...]}`; dict: `{"$dict": [[key, value], ...]}`
 * - instance: `{"$class": "module.Name", "$state": ...}`
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
    case '$float':
      return Number(content);
    case '$tuple':
    case '$set':
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

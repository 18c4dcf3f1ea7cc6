/** A parsed Content-Type (or Content-Disposition): lower-case type and subtype, parameters by lower-case name. */
export interface ContentType {
  /** `text` */
  readonly type: string;
  /** `plain` */
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^\s;"]*))/g;

/** Reads a Content-Type value (RFC 2045 5.1); what is missing or malformed counts as text/plain. */
export function parseContentType(value: string | undefined): ContentType {
  const [, type = 'text', subtype = 'plain'] = /^\s*([^\s/;]+)\/([^\s/;]+)/.exec(value ?? '') ?? [];
  return {
    type: type.toLowerCase(),
    subtype: subtype.toLowerCase(),
    parameters: parseParameters(value ?? ''),
  };
}

/** The parameters of a structured header value; the first of a name counts. */
export function parseParameters(value: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare] of value.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!parameters.has(key))
      parameters.set(key, quoted === undefined ? (bare ?? '') : quoted.replace(/\\([\s\S])/g, '$1'));
  }
  return parameters;
}

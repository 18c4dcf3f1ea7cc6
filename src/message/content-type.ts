import { parseParameters } from './parameters.ts';

/** A parsed Content-Type (or Content-Disposition): lower-case type and subtype, parameters by lower-case name. */
export interface ContentType {
  /** `text` */
  readonly type: string;
  /** `plain` */
  readonly subtype: string;
  /** As text, decoded by RFC 2231. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a Content-Type value (RFC 2045 5.1).
 * @param preset the type of a part without the header: `message/rfc822` in a digest (RFC 2046 5.1.5); a malformed
 * one counts as text/plain (RFC 2045 5.2)
 */
export function parseContentType(value: string | undefined, preset = 'text/plain'): ContentType {
  const [, type = 'text', subtype = 'plain'] =
    /^[ \t]*([^\s/;(]+)[ \t]*\/[ \t]*([^\s/;(]+)/.exec(value ?? preset) ?? [];
  return {
    type: type.toLowerCase(),
    subtype: subtype.toLowerCase(),
    parameters: parseParameters(value ?? ''),
  };
}

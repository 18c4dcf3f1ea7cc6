import type { Conversion } from './conversion.ts';
import { numberAt, textAt } from './conversion.ts';

/** A text of Mailman 2.1 with `$name` placeholders of Mailman 3, and what could not be converted. */
export interface ConvertedText {
  readonly text: string;
  /** Placeholders that Mailman 2.1 would not have replaced either; they stay as they are. */
  readonly unknown: readonly string[];
  /** Placeholders that are gone because nothing here corresponds to them. */
  readonly dropped: readonly string[];
}

const PERCENT = /%%|%\((\w+)\)s/g;
const DOLLAR = /\$\$|\$(?:(\w+)|\{(\w+)\})/g;

/**
 * Converts the placeholders of a header, footer or notice: `%(name)s`, or `$name` where the list uses dollar strings.
 * A `%` that stands for itself survives, and so does a `$`.
 */
export function convertSubstitutions(conversion: Conversion, text: string): ConvertedText {
  const values = replacements(conversion);
  const unknown: string[] = [];
  const dropped: string[] = [];
  const replace = (name: string, original: string): string => {
    const value = values.get(name);
    if (value === undefined) unknown.push(original);
    else if (value === '' && name !== 'cgiext') dropped.push(original);
    return value ?? escapeDollars(original);
  };
  const unix = text.replace(/\r\n?/g, '\n');
  const converted =
    numberAt(conversion, 'use_dollar_strings') === 1
      ? unix.replace(DOLLAR, (original, bare?: string, braced?: string) =>
          original === '$$' ? original : replace(bare ?? braced ?? '', original),
        )
      : convertPercents(unix, replace);
  return { text: converted, unknown, dropped };
}

function convertPercents(text: string, replace: (name: string, original: string) => string): string {
  let converted = '';
  let end = 0;
  for (const match of text.matchAll(PERCENT)) {
    converted += escapeDollars(text.slice(end, match.index));
    converted += match[1] === undefined ? '%' : replace(match[1], match[0]);
    end = match.index + match[0].length;
  }
  return converted + escapeDollars(text.slice(end));
}

/** A dollar that would begin a placeholder is doubled. */
function escapeDollars(text: string): string {
  return text.replace(/\$(?=[A-Za-z_{$])/g, '$$$$');
}

/** What Mailman 2.1 puts for each placeholder; fixed parts of its web addresses are written out. */
function replacements(conversion: Conversion): ReadonlyMap<string, string> {
  const web = escapeDollars(textAt(conversion, 'web_page_url') ?? '');
  return new Map([
    ['real_name', '${display_name}'],
    ['list_name', '${short_listname}'],
    ['_internal_name', '${short_listname}'],
    ['host_name', '${domain}'],
    ['web_page_url', web],
    ['cgiext', ''],
    ['description', '${description}'],
    ['info', '${info}'],
    ['user_address', '${user_email}'],
    ['user_delivered_to', '${user_delivered_to}'],
    ['user_name', '${user_name}'],
    ['user_language', '${user_language}'],
    ['user_optionsurl', `${web}options/\${short_listname}/\${user_email}`],
    ['user_password', ''],
  ]);
}

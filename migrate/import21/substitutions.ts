/** A text of Mailman 2.1 with `$name` placeholders of Mailman 3, and what could not be converted. */
export interface ConvertedText {
  readonly text: string;
  /** Placeholders without a counterpart, as they were written. */
  readonly unknown: readonly string[];
  /** Placeholders that are gone because nothing here corresponds to them. */
  readonly dropped: readonly string[];
}

/** `${name}`, or nothing for ''. */
export function placeholder(name: string): string {
  return name === '' ? '' : `\${${name}}`;
}

/**
 * How placeholders are written: `%(name)s`, or `$name` where a list uses dollar strings. The standard texts of such a
 * list still have the other ones, which Mailman 2.1 then shows as they are; nobody means that.
 */
export type Syntax = 'percent' | 'dollar';

const PLACEHOLDERS: Readonly<Record<Syntax, RegExp>> = {
  percent: /%%|%\((?<name>\w+)\)s/g,
  dollar: /\$\$|\$(?:(?<bare>[A-Za-z_]\w*)|\{(?<braced>[A-Za-z_]\w*)\})|%\((?<name>\w+)\)s/g,
};

/** Ends of a text that a dollar before them would turn into a placeholder. */
const AFTER_DOLLAR = /^[A-Za-z_{$]/;

/**
 * Converts the placeholders of a text. A `%` that stands for itself survives, and so does a `$`.
 * @param values what to put for each name; '' where nothing corresponds
 * @param nameless names whose value is rightly empty
 */
export function convertSubstitutions(
  text: string,
  syntax: Syntax,
  values: ReadonlyMap<string, string>,
  nameless: ReadonlySet<string> = new Set(),
): ConvertedText {
  const unknown: string[] = [];
  const dropped: string[] = [];
  const output = new DollarText();
  const unix = text.replace(/\r\n?/g, '\n');
  let end = 0;
  for (const match of unix.matchAll(PLACEHOLDERS[syntax])) {
    const [original] = match;
    output.literal(unix.slice(end, match.index));
    end = match.index + original.length;
    const name = match.groups?.name ?? match.groups?.bare ?? match.groups?.braced;
    const value = name === undefined ? undefined : values.get(name);
    if (name === undefined) output.literal(original.slice(1));
    else if (value !== undefined) output.placeholder(value);
    else output.literal(original);
    if (name !== undefined && value === undefined) unknown.push(original);
    if (name !== undefined && value === '' && !nameless.has(name)) dropped.push(original);
  }
  output.literal(unix.slice(end));
  return { text: output.text, unknown, dropped };
}

/** A text with `$name` placeholders in the making: dollars of literal parts are doubled where they would begin one. */
class DollarText {
  text = '';
  #endsWithLiteralDollar = false;

  literal(part: string): void {
    if (part === '') return;
    this.#separate(part);
    this.text += part.replace(/\$(?=[A-Za-z_{$])/g, '$$$$');
    this.#endsWithLiteralDollar = part.endsWith('$');
  }

  placeholder(part: string): void {
    if (part === '') return;
    this.#separate(part);
    this.text += part;
    this.#endsWithLiteralDollar = false;
  }

  #separate(next: string): void {
    if (this.#endsWithLiteralDollar && AFTER_DOLLAR.test(next)) this.text += '$';
  }
}

/** The same text without a chance of being taken for a placeholder. */
export function withoutPlaceholders(text: string): string {
  return text.replaceAll('$', '$$$$');
}

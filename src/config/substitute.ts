const VARIABLE = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;

/** Replaces `$name` and `${name}`; `$$` is a dollar sign; a name without a value stays as it is. */
export function substitute(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(VARIABLE, (whole, dollar: string | undefined, plain: string, braced: string) =>
    dollar === undefined ? (lookUp(plain ?? braced) ?? whole) : '$',
  );
}

/** The names of the variables in a text. */
export function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)]
    .map((match) => match[2] ?? match[3])
    .filter((name) => name !== undefined);
}

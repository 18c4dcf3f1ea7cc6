/** What stands for each placeholder, by name. */
export type Variables = Readonly<Record<string, string>>;

const DOLLAR = /\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g;
const BOTH = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})|%(?:(%)|\((\w+)\)[sd])/g;

/**
 * Fills `$name` and `${name}`; `$$` is a dollar sign, names that are not known stay as they are. What is filled in is
 * not looked at again.
 */
export function expand(text: string, variables: Variables): string {
  return text.replace(DOLLAR, (original, dollar?: string, bare?: string, braced?: string) =>
    dollar === undefined ? filled(variables, bare ?? braced ?? '', original) : '$',
  );
}

/**
 * Fills `$name` and Mailman 2.1's `%(name)s` alike, for texts that were taken over word for word. A `%` or `$` that
 * stands for itself survives; doubled ones become one.
 * @param oldVariables what `%(name)s` stands for: some names changed their meaning
 */
export function expandBothWays(text: string, variables: Variables, oldVariables = variables): string {
  return text.replace(
    BOTH,
    (original, dollar?: string, bare?: string, braced?: string, percent?: string, old?: string) => {
      if (dollar !== undefined) return '$';
      if (percent !== undefined) return '%';
      return old === undefined
        ? filled(variables, bare ?? braced ?? '', original)
        : filled(oldVariables, old, original);
    },
  );
}

/** The names of all placeholders in a text, each once, in the order in which they occur. */
export function placeholdersIn(text: string): readonly string[] {
  const names = new Set<string>();
  for (const [, , bare, braced] of text.matchAll(DOLLAR)) {
    const name = bare ?? braced;
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

function filled(variables: Variables, name: string, original: string): string {
  return Object.hasOwn(variables, name) ? (variables[name] ?? original) : original;
}

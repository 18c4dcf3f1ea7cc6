import de from '../../src/templates/catalog/de/list-user-notice-welcome.ts';
import en from '../../src/templates/catalog/en/list-user-notice-welcome.ts';
import fr from '../../src/templates/catalog/fr/list-user-notice-welcome.ts';
import ja from '../../src/templates/catalog/ja/list-user-notice-welcome.ts';

const SHIPPED: ReadonlyMap<string, string> = new Map(Object.entries({ de, en, fr, ja }));

/**
 * A list's own words of welcome inside the shipped text, after its greeting, as Mailman 2.1 puts its standard text
 * around them.
 * @param language of the list; English takes the place of one in which no text is shipped
 */
export function framedWelcome(language: string | undefined, words: string): string {
  const [greeting, rest] = frameOf(language);
  return [greeting, words.trim(), rest].join('\n\n');
}

/** The list's own words of such a text; undefined where more than these was rewritten. */
export function unframedWelcome(language: string | undefined, text: string): string | undefined {
  const [greeting, rest] = frameOf(language).map((part) => part.trim());
  const whole = text.trim();
  if (greeting === undefined || rest === undefined || whole.length < greeting.length + rest.length)
    return undefined;
  if (!whole.startsWith(greeting) || !whole.endsWith(rest)) return undefined;
  return whole.slice(greeting.length, whole.length - rest.length).trim();
}

function frameOf(language: string | undefined): [greeting: string, rest: string] {
  const [greeting = '', ...rest] = (SHIPPED.get(language ?? 'en') ?? en).split('\n\n');
  return [greeting, rest.join('\n\n')];
}

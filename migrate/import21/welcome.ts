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
  const [greeting = '', ...rest] = (SHIPPED.get(language ?? 'en') ?? en).split('\n\n');
  return [greeting, words.trim(), ...rest].join('\n\n');
}

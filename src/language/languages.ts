import type { Config, LanguageConfig } from '../config/index.ts';

/** The languages in which a text is looked for, first choice first: the wanted one, the list's, the server's, English. */
export function languageChain(
  config: Pick<Config, 'mailman'>,
  wanted: string,
  listLanguage?: string,
): readonly string[] {
  const chain = [wanted, listLanguage, config.mailman.default_language, 'en'];
  return [...new Set(chain.filter((code) => code !== undefined && code !== ''))] as string[];
}

/** What the configuration says about a language; the server's, then English, where it is unknown or switched off. */
export function languageOrDefault(
  config: Pick<Config, 'mailman' | 'languages'>,
  code: string,
): LanguageConfig {
  const known = [code, config.mailman.default_language, 'en']
    .map((candidate) => config.languages.get(candidate))
    .find((language) => language?.enabled);
  return known ?? { code: 'en', description: 'English (USA)', charset: 'us-ascii', enabled: true };
}

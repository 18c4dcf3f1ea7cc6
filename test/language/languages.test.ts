import { describe, expect, test } from 'vitest';
import { languageChain, languageOrDefault } from '../../src/language/index.ts';
import { load } from '../config/helpers.ts';

describe('languages', () => {
  const config = load(
    '[mailman]\ndefault_language: fr\n[language.ja]\ncharset: iso-2022-jp\n[language.it]\nenabled: no\n',
  );

  test('a text is looked for in the wanted one, the list’s, the server’s, then in English, in each once', () => {
    expect(languageChain(config, 'ja', 'de')).toEqual(['ja', 'de', 'fr', 'en']);
    expect(languageChain(config, 'en', 'en')).toEqual(['en', 'fr']);
    expect(languageChain(config, 'de')).toEqual(['de', 'fr', 'en']);
    expect(languageChain(config, '', 'de')).toEqual(['de', 'fr', 'en']);
  });

  test('have a description and a charset', () => {
    expect(languageOrDefault(config, 'ja')).toMatchObject({
      description: 'Japanese',
      charset: 'iso-2022-jp',
    });
    expect(languageOrDefault(config, 'en')).toMatchObject({
      description: 'English (USA)',
      charset: 'us-ascii',
    });
  });

  test('that are unknown or switched off give way to the server’s', () => {
    expect(languageOrDefault(config, 'tlh').code).toBe('fr');
    expect(languageOrDefault(config, 'it').code).toBe('fr');
  });
});

import { en, type MessageKey, type MessageValues, type Translation } from './en.ts';

export type { MessageKey } from './en.ts';

/** Says one of the fixed texts in one language. */
export type Say = <K extends MessageKey>(
  key: K,
  ...values: keyof MessageValues<K> extends never ? [] : [MessageValues<K>]
) => string;

/** Loaded when first needed: most servers speak one or two of them. */
const translations: Readonly<Record<string, () => Promise<Translation>>> = {
  en: async () => en,
  ja: async () => (await import('./ja.ts')).ja,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
};

/** The fixed texts in the first of these languages in which there are any; English in the end. */
export async function speak(languages: readonly string[]): Promise<Say> {
  const language = languages.find((code) => Object.hasOwn(translations, code)) ?? 'en';
  const texts = (await translations[language]?.()) ?? en;
  return (key, ...[values]) => fill(texts[key], values ?? {});
}

/** English, for logs and for texts that are stored. */
export const sayInEnglish: Say = (key, ...[values]) => fill(en[key], values ?? {});

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (original, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : original,
  );
}

import type { Catalog } from './catalog.ts';

/** Loaded when first needed: most servers speak one or two languages. */
const catalogs: Readonly<Record<string, () => Promise<Catalog>>> = {
  en: async () => (await import('./en/index.ts')).en,
  ja: async () => (await import('./ja/index.ts')).ja,
  de: async () => (await import('./de/index.ts')).de,
  fr: async () => (await import('./fr/index.ts')).fr,
};

const loaded = new Map<string, Catalog>();

/** The shipped text of a template; undefined where that language or name has none. */
export async function shippedText(name: string, language: string): Promise<string | undefined> {
  const catalog: Readonly<Record<string, string>> | undefined = await catalogOf(language);
  return catalog && Object.hasOwn(catalog, name) ? catalog[name] : undefined;
}

/** Asking the module loader again takes longer than the rest of what a template needs. */
async function catalogOf(language: string): Promise<Catalog | undefined> {
  const known = loaded.get(language);
  if (known || !Object.hasOwn(catalogs, language)) return known;
  const catalog = await catalogs[language]?.();
  if (catalog) loaded.set(language, catalog);
  return catalog;
}

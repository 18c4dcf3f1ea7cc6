/** The charset in which Mailman 2.1 keeps the texts of a list, by the code of its preferred language. */
const CHARSETS: Readonly<Record<string, readonly string[]>> = {
  'us-ascii': ['en'],
  'utf-8': ['ar', 'ca', 'eo', 'fa', 'gl', 'he', 'ro', 'ru', 'sk', 'sr', 'uk', 'vi', 'zh_CN', 'zh_TW'],
  'iso-8859-1': ['ast', 'da', 'de', 'es', 'fi', 'fr', 'it', 'nl', 'no', 'pt', 'pt_BR', 'sv'],
  'iso-8859-2': ['cs', 'hr', 'hu', 'pl', 'sl'],
  'iso-8859-7': ['el'],
  'iso-8859-9': ['tr'],
  'iso-8859-13': ['lt'],
  'iso-8859-15': ['et', 'eu', 'ia'],
  'euc-jp': ['ja'],
  'euc-kr': ['ko'],
};

const BY_LANGUAGE = new Map(
  Object.entries(CHARSETS).flatMap(([charset, codes]) => codes.map((code) => [code, charset] as const)),
);

/** The charset of a language in Mailman 2.1; a language that it does not ship counts as UTF-8. */
export function charsetOfLanguage(code: string): string {
  return BY_LANGUAGE.get(code) ?? 'utf-8';
}

/** Whether Mailman 2.1 ships texts in this language. */
export function isMailman21Language(code: string): boolean {
  return BY_LANGUAGE.has(code);
}

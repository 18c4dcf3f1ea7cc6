const BEFORE_UTF8: Readonly<Record<string, readonly string[]>> = {
  ...{ ja: ['euc-jp', 'shift_jis'], ko: ['euc-kr'], zh_CN: ['gb18030'], zh_TW: ['big5'] },
  ...{ cs: ['iso-8859-2'], hr: ['iso-8859-2'], hu: ['iso-8859-2'], pl: ['iso-8859-2'], sl: ['iso-8859-2'] },
  ...{ el: ['iso-8859-7'], he: ['iso-8859-8'], tr: ['iso-8859-9'], lt: ['iso-8859-13'] },
  ...{ ru: ['koi8-r'], uk: ['koi8-u'], bg: ['windows-1251'], ar: ['windows-1256'] },
};

/** In what texts in a language (Mailman's code) were written before UTF-8, likeliest first; windows-1252 is never named. */
export function charsetsBeforeUtf8(language: string): readonly string[] {
  return Object.hasOwn(BEFORE_UTF8, language) ? (BEFORE_UTF8[language] ?? []) : [];
}

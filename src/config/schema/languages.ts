const NAMES = {
  ...{
    ar: 'Arabic',
    ast: 'Asturian',
    bg: 'Bulgarian',
    ca: 'Catalan',
    cs: 'Czech',
    da: 'Danish',
    de: 'German',
  },
  ...{
    el: 'Greek',
    es: 'Spanish',
    et: 'Estonian',
    eu: 'Euskara',
    fi: 'Finnish',
    fr: 'French',
    gl: 'Galician',
  },
  ...{ he: 'Hebrew', hr: 'Croatian', hu: 'Hungarian', ia: 'Interlingua', it: 'Italian', ja: 'Japanese' },
  ...{ ko: 'Korean', lt: 'Lithuanian', nl: 'Dutch', no: 'Norwegian', pl: 'Polish', pt: 'Portuguese' },
  ...{ pt_BR: 'Portuguese (Brazil)', ro: 'Romanian', ru: 'Russian', sk: 'Slovak', sl: 'Slovenian' },
  ...{ sr: 'Serbian', sv: 'Swedish', tr: 'Turkish', uk: 'Ukrainian', vi: 'Vietnamese' },
  ...{ zh_CN: 'Chinese', zh_TW: 'Chinese (Taiwan)' },
} as const;

/** The languages that exist without a file; English is the pattern itself. */
export const shippedLanguages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {},
  ...Object.fromEntries(
    Object.entries(NAMES).map(([code, description]) => [
      code,
      { description, charset: 'utf-8', enabled: 'yes' },
    ]),
  ),
};

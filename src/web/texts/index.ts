import { en, type WebText, type WebTexts } from './en.ts';

export type { WebText, WebTexts } from './en.ts';

type Values = Readonly<Record<string, string | number>>;

/** The texts of the pages in one language, with its way to write numbers and dates. */
export interface Speaker {
  /** BCP 47, for `lang`. */
  readonly language: string;
  (text: WebText, values?: Values): string;
  /** A text that depends on a number, which it shows. */
  count(text: CountedText, count: number): string;
  number(value: number): string;
  /** Octets as people read them: `12 kB`. */
  size(octets: number): string;
  /** A day: `9 March 2024`. Times are UTC. @param time milliseconds since 1970 */
  day(time: number): string;
  /** A moment to the minute: `9 Mar 2024, 17:04`. */
  moment(time: number): string;
  /** `March 2024` */
  month(year: number, month: number): string;
  /** `March` */
  monthName(month: number): string;
}

/** Texts with a form for one and a form for more. */
export type CountedText = WebText extends infer K ? (K extends `${infer N}_other` ? N : never) : never;

const translations: Readonly<Record<string, () => Promise<WebTexts>>> = {
  en: async () => en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  ja: async () => (await import('./ja.ts')).ja,
};

/** English with day before month and hours from 0 to 23, as most of the world writes them. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' };

const speakers = new Map<string, Promise<Speaker>>();

/** Speaks the first of these languages in which there are texts; English in the end. */
export async function speakerFor(languages: readonly string[]): Promise<Speaker> {
  const language = languages.find((code) => Object.hasOwn(translations, code)) ?? 'en';
  const known = speakers.get(language);
  if (known) return known;
  const made = makeSpeaker(language);
  speakers.set(language, made);
  return made;
}

async function makeSpeaker(language: string): Promise<Speaker> {
  const texts = (await translations[language]?.()) ?? en;
  const locale = LOCALES[language] ?? language;
  const numbers = new Intl.NumberFormat(locale);
  const [kilobytes, megabytes] = (['kilobyte', 'megabyte'] as const).map(
    (unit) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }),
  );
  const plurals = new Intl.PluralRules(locale);
  const utc = { timeZone: 'UTC' } as const;
  const days = new Intl.DateTimeFormat(locale, { ...utc, day: 'numeric', month: 'long', year: 'numeric' });
  const moments = new Intl.DateTimeFormat(locale, {
    ...utc,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const months = new Intl.DateTimeFormat(locale, { ...utc, month: 'long', year: 'numeric' });
  const monthNames = new Intl.DateTimeFormat(locale, { ...utc, month: 'long' });
  const say = (text: WebText, values: Values = {}) => fill(texts[text], values);
  return Object.assign(say, {
    language,
    count: (text: CountedText, count: number) => {
      const form = `${text}_${plurals.select(count) === 'one' ? 'one' : 'other'}` as WebText;
      return say(form, { count: numbers.format(count) });
    },
    number: (value: number) => numbers.format(value),
    size: (octets: number) =>
      octets < 1_000_000
        ? (kilobytes ?? numbers).format(Math.max(1, Math.round(octets / 1000)))
        : (megabytes ?? numbers).format(octets / 1_000_000),
    day: (time: number) => days.format(time),
    moment: (time: number) => moments.format(time),
    monthName: (month: number) => monthNames.format(Date.UTC(2000, month - 1, 1)),
    month: (year: number, month: number) => {
      const first = new Date(0);
      first.setUTCFullYear(year, month - 1, 1);
      return months.format(first);
    },
  });
}

/** What is filled in is not looked at again. */
function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (original, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : original,
  );
}

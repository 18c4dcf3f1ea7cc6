import type { DeliveryMode, DeliveryStatus } from './enums.ts';

/** What a member, an address or a user has set; null is "not set here, look further". */
export interface Preferences {
  readonly acknowledge_posts: boolean | null;
  readonly hide_address: boolean | null;
  readonly preferred_language: string | null;
  readonly receive_list_copy: boolean | null;
  readonly receive_own_postings: boolean | null;
  readonly delivery_mode: DeliveryMode | null;
  readonly delivery_status: DeliveryStatus | null;
}

export type EffectivePreferences = { readonly [K in keyof Preferences]: NonNullable<Preferences[K]> };

export const preferenceNames = [
  'acknowledge_posts',
  'hide_address',
  'preferred_language',
  'receive_list_copy',
  'receive_own_postings',
  'delivery_mode',
  'delivery_status',
] as const satisfies readonly (keyof Preferences)[];

export const noPreferences: Preferences = {
  acknowledge_posts: null,
  hide_address: null,
  preferred_language: null,
  receive_list_copy: null,
  receive_own_postings: null,
  delivery_mode: null,
  delivery_status: null,
};

/** Mailman's system defaults; the language comes from the list. */
export const systemPreferences: Omit<EffectivePreferences, 'preferred_language'> = {
  acknowledge_posts: false,
  hide_address: true,
  receive_list_copy: true,
  receive_own_postings: true,
  delivery_mode: 'regular',
  delivery_status: 'enabled',
};

/** The first value set along the chain (member, address, user), else the system's; the language falls back to the list's. */
export function resolvePreferences(
  chain: readonly Preferences[],
  listLanguage: string,
): EffectivePreferences {
  const first = <K extends keyof Preferences>(name: K): Preferences[K] | undefined =>
    chain.find((preferences) => preferences[name] !== null)?.[name];
  return {
    acknowledge_posts: first('acknowledge_posts') ?? systemPreferences.acknowledge_posts,
    hide_address: first('hide_address') ?? systemPreferences.hide_address,
    preferred_language: first('preferred_language') ?? listLanguage,
    receive_list_copy: first('receive_list_copy') ?? systemPreferences.receive_list_copy,
    receive_own_postings: first('receive_own_postings') ?? systemPreferences.receive_own_postings,
    delivery_mode: first('delivery_mode') ?? systemPreferences.delivery_mode,
    delivery_status: first('delivery_status') ?? systemPreferences.delivery_status,
  };
}

/** The language in which a list speaks to somebody who prefers one: that one, if the list offers it, else its own. */
export function offeredLanguage(
  preferred: string,
  list: { readonly preferred_language: string; readonly available_languages: readonly string[] },
): string {
  const { available_languages } = list;
  return available_languages.length === 0 || available_languages.includes(preferred)
    ? preferred
    : list.preferred_language;
}

import { changeSettings, initialSettings, type ListSettings } from './settings/index.ts';

/** What a kind of list starts with. */
export interface Style {
  readonly name: string;
  readonly description: string;
  readonly changes: Partial<ListSettings>;
}

/** Mailman 3's styles, sorted by name. */
export const styles: readonly Style[] = [
  {
    name: 'legacy-announce',
    description: 'Announce only mailing list style.',
    changes: { allow_list_posts: false },
  },
  { name: 'legacy-default', description: 'Ordinary discussion mailing list style.', changes: {} },
  {
    name: 'private-default',
    description: 'Discussion mailing list style with private archives.',
    changes: { advertised: false, archive_policy: 'private', subscription_policy: 'confirm_then_moderate' },
  },
];

/**
 * The settings of a new list of a style. Display name and subject prefix come from the list name (`Ant`, `[Ant] `).
 * An unknown style gives a list without any, as in Mailman.
 */
export function styledSettings(styleName: string, listName: string, language: string): ListSettings {
  const displayName = listName.charAt(0).toUpperCase() + listName.slice(1).toLowerCase();
  return changeSettings(initialSettings(), {
    display_name: displayName,
    subject_prefix: `[${displayName}] `,
    preferred_language: language,
    ...styles.find(({ name }) => name === styleName)?.changes,
  });
}

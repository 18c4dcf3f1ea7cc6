import type { Handler } from '../post.ts';

const SIGNATURES: ReadonlySet<string> = new Set([
  'domainkey-signature',
  'dkim-signature',
  'authentication-results',
]);

export const cleanseDkim: Handler = {
  name: 'cleanse-dkim',
  description: 'Removes signatures where the site wants that, and always on anonymous lists.',
  process: async ({ list, message }, { config }) => {
    const isAnonymous = list.settings.anonymous_list;
    if (!config.mta.remove_dkim_headers && !isAnonymous) return;
    message.headers.deleteWhere(({ name }) => {
      const key = name.toLowerCase();
      return SIGNATURES.has(key) || (isAnonymous && key.startsWith('arc-'));
    });
  },
};

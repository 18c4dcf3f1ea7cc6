import type { Changes } from '../import21/report.ts';
import type { Followed } from './follow.ts';

/** What was applied, for people: `2 members joined, 1 left; settings post_id`. Empty where nothing of it shows. */
export function describeFollowed(followed: Exclude<Followed, { readonly kind: 'unchanged' }>): string {
  if (followed.kind === 'failed') return `cannot be followed: ${followed.problem}`;
  const { outcome } = followed;
  const { config } = outcome;
  const parts = [
    ...(config
      ? [
          count('members', config.members),
          count('owners', config.owners),
          count('moderators', config.moderators),
        ]
      : []),
    ...(config ? [count('nonmembers', config.nonmembers)] : []),
    count('held posts', outcome.held_posts),
    count('subscription requests', outcome.held_subscriptions),
    count('unsubscription requests', outcome.held_unsubscriptions),
    count('confirmations', outcome.confirmations.changes),
    count('posts of the next digest', outcome.digest_posts),
    outcome.unread === null ? '' : `what waits cannot be followed: ${outcome.unread}`,
    config && config.settings_changed.length > 0 ? `settings: ${config.settings_changed.join(', ')}` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function count(label: string, { added, updated, removed }: Changes): string {
  const parts = [
    added > 0 ? `${added} new` : '',
    updated > 0 ? `${updated} changed` : '',
    removed > 0 ? `${removed} gone` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${label}: ${parts.join(', ')}`;
}

import type { DeliveryMode } from '../model/enums.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Member } from '../model/member.ts';
import { noPreferences } from '../model/preferences.ts';

/** Bits of `new_member_options`, as Mailman 2.1 numbers them. */
const NOT_OWN_POSTS = 2;
const ACKNOWLEDGE = 4;
const HIDE = 16;
const UNMATCHED_TOPICS = 64;
const NO_LIST_COPY = 256;

/**
 * What a list chooses for those who become members, as far as they did not choose themselves: digests
 * (`digest_is_default`, `mime_is_default_digest`, `nondigestable`) and options (`new_member_options`), as in Mailman
 * 2.1. What the list leaves open stays open, for the preferences of the address and of the user.
 */
export function newMemberChoices({
  settings,
}: MailingList): Pick<Member, 'preferences' | 'receiveUnmatchedTopics'> {
  const has = (bit: number): boolean => (settings.new_member_options & bit) !== 0;
  return {
    preferences: {
      ...noPreferences,
      acknowledge_posts: has(ACKNOWLEDGE) ? true : null,
      hide_address: has(HIDE) ? true : null,
      receive_list_copy: has(NO_LIST_COPY) ? false : null,
      receive_own_postings: has(NOT_OWN_POSTS) ? false : null,
      delivery_mode: defaultMode(settings),
    },
    receiveUnmatchedTopics: has(UNMATCHED_TOPICS),
  };
}

function defaultMode({
  digests_enabled,
  digest_is_default,
  mime_is_default_digest,
  nondigestable,
}: MailingList['settings']): DeliveryMode | null {
  if (!digests_enabled || (!digest_is_default && nondigestable)) return null;
  return mime_is_default_digest ? 'mime_digests' : 'plaintext_digests';
}

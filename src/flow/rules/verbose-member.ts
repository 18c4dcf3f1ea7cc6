import { updateMember } from '../../database/members.ts';
import { recordPost } from '../../database/recent-posts.ts';
import { memberForPost } from '../../membership/sender-member.ts';
import { earlierBy } from '../../model/time.ts';
import type { Rule } from '../post.ts';
import { senderOf } from '../senders.ts';

/** Mailman 2.1's member_verbosity_threshold. Never hits itself: the member is moderated from here on, and member-moderation sees it. */
export const verboseMember: Rule = {
  name: 'verbose-member',
  description: 'Moderates a member who posts more often than the list allows within its interval.',
  record: false,
  check: async ({ list, message, metadata }, { config, connection, clock, log }) => {
    const { member_verbosity_threshold, member_verbosity_interval, member_moderation_action } = list.settings;
    if (member_verbosity_threshold === 0) return null;
    const key = senderOf(message, metadata, config.mailman.sender_headers);
    const member = await memberForPost(connection, list, key);
    if (!member) return null;
    const now = clock.now();
    const since = earlierBy(now, member_verbosity_interval);
    if ((await recordPost(connection, member.memberId, now, since)) < member_verbosity_threshold) return null;
    await updateMember(connection, { ...member, moderationAction: member_moderation_action });
    log('vette', `${list.settings.display_name}: Automatically Moderated ${key} for verbose postings.`);
    return null;
  },
};

import { utc } from './expected-settings.ts';
import type { ExpectedBounce, ExpectedList, ExpectedMember, ExpectedText } from './site.ts';

const STATUS: Readonly<Record<string, string>> = {
  ENABLED: 'enabled',
  UNKNOWN: 'unknown',
  BYUSER: 'by_user',
  BYADMIN: 'by_moderator',
  BYBOUNCE: 'by_bounces',
};

const MODE = {
  regular: 'regular',
  'mime digest': 'mime_digests',
  'plain digest': 'plaintext_digests',
} as const;

/** A text as well as it can be read: bytes from elsewhere are UTF-8 or come from Windows. */
function textOf(text: ExpectedText): string {
  if (typeof text === 'string') return text;
  const bytes = Buffer.from(text.$bytes, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A member of Mailman 2.1 as the export shows the membership. */
export function expectedMember(member: ExpectedMember, { config }: ExpectedList): Record<string, unknown> {
  const has = (flag: string) => member.flags.includes(flag);
  const moderated = ['hold', 'reject', 'discard'][Number(config.member_moderation_action)];
  return {
    address: member.address,
    display_name: member.name === null ? '' : textOf(member.name),
    role: 'member',
    delivery_mode: MODE[member.mode],
    delivery_status: STATUS[member.status],
    delivery_status_since: member.status_time === undefined ? null : utc(member.status_time),
    preferred_language: member.language,
    acknowledge_posts: has('ack'),
    hide_address: has('hide'),
    receive_own_postings: !has('notmetoo'),
    receive_list_copy: !has('nodupes'),
    moderation_action: member.moderated ? moderated : 'defer',
    topics: member.topics ?? null,
    receive_unmatched_topics: has('nmtopics'),
    subscription_mode: 'as_address',
    subscribed_at: null,
    bounce: expectedBounce(member.bounce_info, Number(config.bounce_you_are_disabled_warnings)),
    mailman21: {
      options: member.options,
      bounce_notices_left: member.bounce_info?.noticesleft ?? null,
      bounce_cookie: member.bounce_info?.cookie ?? null,
    },
    password: member.password === null ? null : textOf(member.password),
  };
}

function expectedBounce(info: ExpectedBounce | undefined, warnings: number): Record<string, unknown> {
  if (!info) {
    const never = { last_bounce_received: null, last_warning_sent: null };
    return { score: 0, ...never, total_warnings_sent: 0, notices_left: warnings };
  }
  return {
    score: info.score,
    last_bounce_received: day(info.date),
    last_warning_sent: day(info.lastnotice),
    total_warnings_sent: warnings - info.noticesleft,
    notices_left: info.noticesleft,
  };
}

/** A day, or (for records that no bounce made) a moment; the second day of 1970 is "never". */
function day(date: readonly [number, number, number] | number): string | null {
  if (typeof date === 'number') return utc(date);
  const [year, month, number] = date;
  if (year === 1970) return null;
  return utc(Date.UTC(year, month - 1, number) / 1000);
}

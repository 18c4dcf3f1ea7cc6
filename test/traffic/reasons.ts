/** How Mailman 2.1 and Ferryman put the same reason. */
const PAIRS: readonly (readonly [mailman: RegExp, ferryman: RegExp])[] = [
  [/^Post by non-member/, /not from a list member|in the nonmember hold list|no valid senders/],
  [/^Post to moderated list/, /moderated member/],
  [/^Message body is too big/, /larger than the \d+ KB maximum size/],
  [/^Too many recipients/, /more than \d+ recipients/],
  [/^Message has implicit destination/, /implicit destination/],
  [/^Message may contain administrivia/, /administrivia/],
  [/^Message has a suspicious header/, /bounce_matching_header/],
  [/^Header matched regexp/, /matched a header rule/],
  [/^Emergency hold/, /Emergency moderation/],
  [/^Your urgent message/, /Urgent/],
  [/content type was not explicitly allowed/, /content|allowed|empty/i],
  [/^Message rejected by filter rule match/, /./],
  [/^This is an announce-only list|^Only the press office/, /./],
  [/^You are not allowed to post .* DMARC/s, /./],
  [/^Approve$/, /already been posted/],
  [/^(?:SpamDetect|MimeDel|Moderate)$/, /./],
  [/^replied and discard$/, /Answered automatically/],
  [/^No command, message discarded/, /No commands/],
  [/^Precedence: bulk message discarded/, /DISCARD/],
  [/kept in the bad queue/, /DISCARD|discarded by/],
];

/** Whether both name the same reason; what Mailman 2.1 only logs has no counterpart to compare. */
export function sameReason(mailman: string, ferryman: string): boolean {
  const pair = PAIRS.find(([pattern]) => pattern.test(mailman));
  return pair === undefined || pair[1].test(ferryman);
}

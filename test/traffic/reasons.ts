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
  [/^You are not allowed to post .* DMARC/s, /./],
  [/^Approve$/, /already been posted/],
  [/^(?:SpamDetect|MimeDel|Moderate)$/, /./],
  [/^replied and discard$/, /Answered automatically/],
  [/^No command, message discarded/, /No commands/],
  [/^Precedence: bulk message discarded/, /DISCARD/],
  [/kept in the bad queue/, /DISCARD|discarded by/],
  [/has stale bounce info/, /stale bounce info/],
  [/already scored a bounce/, /already scored a bounce/],
  [/bounce score: /, /bounce score = /],
  [/bounce message w\/no discernable addresses/, /bounce message w\/no discernable addresses/],
  [/Discarded posting:/, /Discarded posting:/],
  [/held message approved/, /held message approved/],
  // What Mailman 2.1 only logs; it shows among members and notices.
  [/: held (?:un)?subscription request |: auto approved subscribe | banned subscription: /, /^/],
  [/autoresponse limit hit for/, /^/],
];

/** What the owners of the recorded lists say to whom they reject. */
const OWN_WORDS = /^This is an announce-only list|^Only the press office/;

/**
 * Whether both name the same reason.
 * @param notices what Ferryman wrote to people, where the owners' own words have to stand
 */
export function sameReason(mailman: string, ferryman: string, notices: string): boolean {
  if (OWN_WORDS.test(mailman)) return squeezed(notices).includes(squeezed(mailman));
  const pair = PAIRS.find(([pattern]) => pattern.test(mailman));
  return pair?.[1].test(ferryman) ?? false;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

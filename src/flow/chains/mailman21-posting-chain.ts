import { administrivia } from '../rules/administrivia.ts';
import { approved } from '../rules/approved.ts';
import { beenThere } from '../rules/been-there.ts';
import { dmarcMitigation } from '../rules/dmarc-mitigation.ts';
import { emergency } from '../rules/emergency.ts';
import { hasApproval } from '../rules/has-approval.ts';
import { implicitDestination } from '../rules/implicit-dest.ts';
import { maxRecipients } from '../rules/max-recipients.ts';
import { maxSize } from '../rules/max-size.ts';
import { memberModeration } from '../rules/member-moderation.ts';
import { newsModeration } from '../rules/news-moderation.ts';
import { nonmemberModeration } from '../rules/nonmember-moderation.ts';
import { suspiciousHeader } from '../rules/suspicious-header.ts';
import { truth } from '../rules/truth.ts';
import { verboseMember } from '../rules/verbose-member.ts';
import { defer, detour, jump, type Link, type RuleChain } from './chain.ts';

/**
 * The order of Mailman 2.1's handlers SpamDetect, Approve, Moderate, Hold, Emergency. Each rule decides alone, so that one
 * reason is given. The password is looked for first, so that it never stays in a post that is held.
 */
const links: readonly Link[] = [
  { rule: approved, onHit: defer },
  { rule: dmarcMitigation, onHit: jump('dmarc') },
  { rule: verboseMember, onHit: defer },
  { rule: truth, onHit: detour('mailman21-header-filters') },
  { rule: beenThere, onHit: jump('discard') },
  { rule: hasApproval, onHit: jump('accept') },
  { rule: memberModeration, onHit: jump('moderation') },
  { rule: nonmemberModeration, onHit: jump('moderation') },
  { rule: administrivia, onHit: jump('hold') },
  { rule: maxRecipients, onHit: jump('hold') },
  { rule: implicitDestination, onHit: jump('hold') },
  { rule: suspiciousHeader, onHit: jump('hold') },
  { rule: maxSize, onHit: jump('hold') },
  { rule: newsModeration, onHit: jump('hold') },
  { rule: emergency, onHit: jump('hold') },
  { rule: truth, onHit: jump('accept') },
];

/** For lists that came from Mailman 2.1, which decide as they always did. */
export const mailman21PostingChain: RuleChain = {
  name: 'mailman21-posting-chain',
  description: 'The rules for posts, in the order and with the meaning that they have in Mailman 2.1.',
  links: () => links,
};

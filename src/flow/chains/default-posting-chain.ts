import { administrivia } from '../rules/administrivia.ts';
import { any } from '../rules/any.ts';
import { approved } from '../rules/approved.ts';
import { bannedAddress } from '../rules/banned-address.ts';
import { digests } from '../rules/digests.ts';
import { dmarcMitigation } from '../rules/dmarc-mitigation.ts';
import { emergency } from '../rules/emergency.ts';
import { implicitDestination } from '../rules/implicit-dest.ts';
import { loop } from '../rules/loop.ts';
import { maxRecipients } from '../rules/max-recipients.ts';
import { maxSize } from '../rules/max-size.ts';
import { memberModeration } from '../rules/member-moderation.ts';
import { newsModeration } from '../rules/news-moderation.ts';
import { noSenders } from '../rules/no-senders.ts';
import { noSubject } from '../rules/no-subject.ts';
import { nonmemberModeration } from '../rules/nonmember-moderation.ts';
import { suspiciousHeader } from '../rules/suspicious-header.ts';
import { truth } from '../rules/truth.ts';
import { verboseMember } from '../rules/verbose-member.ts';
import { defer, detour, jump, type Link, type RuleChain } from './chain.ts';

/** Mailman 3's order; verbose-member is Mailman 2.1's. */
const links: readonly Link[] = [
  { rule: dmarcMitigation, onHit: jump('dmarc') },
  { rule: noSenders, onHit: jump('discard') },
  { rule: approved, onHit: jump('accept') },
  { rule: emergency, onHit: jump('hold') },
  { rule: loop, onHit: jump('discard') },
  { rule: bannedAddress, onHit: jump('discard') },
  { rule: verboseMember, onHit: defer },
  { rule: memberModeration, onHit: jump('moderation') },
  { rule: truth, onHit: detour('header-match') },
  { rule: nonmemberModeration, onHit: jump('moderation') },
  { rule: administrivia, onHit: defer },
  { rule: implicitDestination, onHit: defer },
  { rule: maxRecipients, onHit: defer },
  { rule: maxSize, onHit: defer },
  { rule: newsModeration, onHit: defer },
  { rule: noSubject, onHit: defer },
  { rule: digests, onHit: defer },
  { rule: suspiciousHeader, onHit: defer },
  { rule: any, onHit: jump('hold') },
  { rule: truth, onHit: jump('accept') },
];

export const defaultPostingChain: RuleChain = {
  name: 'default-posting-chain',
  description: 'The rules for posts.',
  links: () => links,
};

import { truth } from '../rules/truth.ts';
import { detour, jump, type Link, type RuleChain } from './chain.ts';

const links: readonly Link[] = [
  { rule: truth, onHit: detour('mailman21-owner-header-filters') },
  { rule: truth, onHit: jump('default-owner-chain') },
];

export const mailman21OwnerChain: RuleChain = {
  name: 'mailman21-owner-chain',
  description: 'Filters mail to the owners by its headers, as Mailman 2.1 does.',
  links: () => links,
};

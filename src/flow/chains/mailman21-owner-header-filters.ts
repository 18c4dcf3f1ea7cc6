import { goBack, jump, type RuleChain } from './chain.ts';
import { headerFilterLinks } from './header-filter-links.ts';

/** Mail to the owners is not held, and what is rejected is only discarded: notices to forged senders would come back here. */
export const mailman21OwnerHeaderFilters: RuleChain = {
  name: 'mailman21-owner-header-filters',
  description: 'The header filters of a list that came from Mailman 2.1, for mail to its owners.',
  links: (post, step) =>
    headerFilterLinks(post, step, (chain) =>
      chain === 'discard' || chain === 'reject' ? jump('discard') : goBack,
    ),
};

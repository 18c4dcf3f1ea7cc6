import { goBack, jump, type RuleChain } from './chain.ts';
import { headerFilterLinks } from './header-filter-links.ts';

/** Here `accept` ends only the filtering: the other rules still apply. In Mailman 3 it accepts the post. */
export const mailman21HeaderFilters: RuleChain = {
  name: 'mailman21-header-filters',
  description: 'The header filters of a list that came from Mailman 2.1.',
  links: (post, step) =>
    headerFilterLinks(post, step, (chain) => (chain === 'accept' ? goBack : jump(chain))),
};

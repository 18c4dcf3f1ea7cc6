import { headerMatchesOf } from '../../database/header-matches.ts';
import { any } from '../rules/any.ts';
import { headerMatchRule } from '../rules/header-match.ts';
import { defer, jump, type RuleChain } from './chain.ts';

/** A match whose action is `defer` lets the post go on to the other rules, so it needs no link. */
export const headerMatch: RuleChain = {
  name: 'header-match',
  description: 'The header checks of the configuration and of the list.',
  links: async ({ list }, { config, connection }) => {
    const { header_checks, jump_chain } = config.antispam;
    const matches = await headerMatchesOf(connection, list.listId);
    return [
      ...header_checks.map(({ header, pattern }, index) => ({
        rule: headerMatchRule(`header-match-config-${index}`, header, pattern),
        onHit: defer,
      })),
      { rule: any, onHit: jump(jump_chain) },
      ...matches.flatMap(({ header, pattern, action }, position) =>
        action === 'defer'
          ? []
          : [
              {
                rule: headerMatchRule(`header-match-${list.listId}-${position}`, header, pattern),
                onHit: jump(action ?? jump_chain),
              },
            ],
      ),
    ];
  },
};

import { headerMatchesOf } from '../../database/header-matches.ts';
import type { Step } from '../../queue/step.ts';
import type { Post } from '../post.ts';
import { headerMatchRule } from '../rules/header-match.ts';
import type { Link, LinkAction } from './chain.ts';

/**
 * The header checks of the configuration and of the list as Mailman 2.1 applies them: the first that matches decides.
 * A match whose action is `defer` lets the post go on to the next, so it needs no link.
 * @param onHit what is done instead of going to a chain such as `hold` or `discard`
 */
export async function headerFilterLinks(
  { list }: Post,
  { config, connection }: Step,
  onHit: (chain: string) => LinkAction,
): Promise<Link[]> {
  const { header_checks, jump_chain } = config.antispam;
  const matches = await headerMatchesOf(connection, list.listId);
  return [
    ...header_checks.map(({ header, pattern }, index) => ({
      rule: headerMatchRule(`header-match-config-${index}`, header, pattern),
      onHit: onHit(jump_chain),
    })),
    ...matches.flatMap(({ header, pattern, action }, position) =>
      action === 'defer'
        ? []
        : [
            {
              rule: headerMatchRule(`header-match-${list.listId}-${position}`, header, pattern),
              onHit: onHit(action ?? jump_chain),
            },
          ],
    ),
  ];
}

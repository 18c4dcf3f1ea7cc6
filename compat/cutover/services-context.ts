import { openSite } from '../../migrate/site/site.ts';
import { UsageError } from '../../src/errors.ts';
import { listRules } from '../../src/lists/rules.ts';
import type { CutoverContext } from './context.ts';

/**
 * What the steps of a cutover work with, from the configuration.
 * @throws UsageError, ConfigError, NoSiteError where the configuration does not lead to a Mailman 2
 */
export function contextOf(
  services: CutoverContext['services'],
  { who, isDryRun }: Pick<CutoverContext, 'who' | 'isDryRun'>,
): CutoverContext {
  const { config, clock } = services;
  if (config.cutover.mailman2_var_dir === '') {
    throw new UsageError("[cutover] mailman2_var_dir is not set: where is Mailman 2's var directory?");
  }
  return {
    services,
    site: openSite(config.cutover.mailman2_var_dir),
    follow: {
      clock,
      style: config.styles.default,
      language: config.mailman.default_language,
      rules: listRules(config),
      moderatorLife: config.mailman.moderator_request_life,
      siteOwner: config.mailman.site_owner,
    },
    who,
    isDryRun,
  };
}

import { openSite } from '../../migrate/site/site.ts';
import { UsageError } from '../../src/errors.ts';
import type { CutoverContext } from './context.ts';
import { followOptions } from './follow-options.ts';

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
    follow: followOptions(config, clock),
    who,
    isDryRun,
  };
}

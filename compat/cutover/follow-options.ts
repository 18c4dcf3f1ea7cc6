import type { FollowOptions } from '../../migrate/follow/follow.ts';
import type { Config } from '../../src/config/index.ts';
import { listRules } from '../../src/lists/rules.ts';
import type { Clock } from '../../src/queue/step.ts';

/** With what lists are followed on a server with this configuration. */
export function followOptions(config: Config, clock: Clock): FollowOptions {
  return {
    clock,
    style: config.styles.default,
    language: config.mailman.default_language,
    rules: listRules(config),
    moderatorLife: config.mailman.moderator_request_life,
    siteOwner: config.mailman.site_owner,
  };
}

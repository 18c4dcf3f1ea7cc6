import { systemResolver } from '../../src/server/resolver.ts';
import type { CutoverContext } from './context.ts';
import { LogFollower } from './logs/follow-logs.ts';
import { settlePosts } from './settle.ts';

/**
 * Lets all posts go on their way here that Mailman 2 has accepted until now, and this server had not: its logs are read to the
 * end.
 */
export async function settleAccepted({ services, site }: CutoverContext): Promise<void> {
  await new LogFollower(services, site).look();
  await settlePosts({ ...services, resolver: systemResolver(services.config) });
}

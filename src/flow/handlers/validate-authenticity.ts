import { directResolver, outside } from '../../queue/outside.ts';
import type { Step } from '../../queue/step.ts';
import type { Authentication } from '../arc/authenticate.ts';
import { formatAuthenticationResults } from '../arc/authentication-results.ts';
import { arcIdentity } from '../arc/identity.ts';
import type { Handler, Post } from '../post.ts';

export const validateAuthenticity: Handler = {
  name: 'validate-authenticity',
  description: 'Checks DKIM, ARC and DMARC, and says what came out in one Authentication-Results header.',
  process: async (post, step) => {
    if (!step.config.ARC.enabled) return;
    const { list, message, metadata } = post;
    const { server } = arcIdentity(step.config, list.mailHost);
    metadata.authentication = await outside(step, 'authentication', () => check(post, step, server));
    message.headers.delete('Authentication-Results');
    message.headers.prepend(
      'Authentication-Results',
      formatAuthenticationResults(server, metadata.authentication.results),
    );
  },
};

/** A message that cannot be checked is no worse than one of which nothing is known. */
async function check({ message, list }: Post, step: Step, server: string): Promise<Authentication> {
  const { config, clock, log, resolver } = step;
  try {
    // Loaded where it is wanted: the libraries behind it are big.
    const { authenticate } = await import('../arc/authenticate.ts');
    return await authenticate(message, {
      ARC: config.ARC,
      server,
      resolver: directResolver(resolver),
      now: clock.now(),
    });
  } catch (error) {
    const id = message.headers.get('Message-ID') ?? 'n/a';
    log('error', `${list.listId}: ${id} cannot be checked for DKIM and ARC: ${(error as Error).message}`);
    return { results: [], chain: 'unknown' };
  }
}

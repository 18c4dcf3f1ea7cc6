import { Resolver } from 'node:dns/promises';
import type { Config } from '../config/index.ts';
import type { DnsResolver } from '../queue/step.ts';

/** The name servers of this host, with the time limits of `[dmarc]`. */
export function systemResolver({ dmarc }: Config): DnsResolver {
  const resolver = new Resolver({ timeout: dmarc.resolver_timeout * 1000, tries: 2 });
  const lifetime = dmarc.resolver_lifetime * 1000;
  return {
    resolveTxt: async (name) => {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
          () => reject(Object.assign(new Error(`No answer for ${name}`), { code: 'ETIMEOUT' })),
          lifetime,
        );
      });
      try {
        return await Promise.race([resolver.resolveTxt(name), limit]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

import type { RecordedCase } from '../support/recorded-traffic.ts';
import type { Decision } from './outcome.ts';
import type { Site } from './site.ts';

/** What became of the mail of a case, as the logs tell it. */
export function decisionOf(
  site: Site,
  { case: { kind, list, decision } }: RecordedCase,
  isTaken: boolean,
  shunted: readonly string[],
): Decision {
  if (!isTaken) return 'refused';
  if (shunted.length > 0) return 'shunted';
  const has = (logger: string, pattern: RegExp): boolean =>
    site.logged.some((entry) => entry.logger === logger && pattern.test(entry.line));
  switch (kind) {
    case 'post':
      if (has('vette', /^REJECT: | rejected by "/)) return 'rejected';
      if (has('vette', /^DISCARD: | discarded by "/)) return 'discarded';
      return has('vette', /^HOLD: /) ? 'held' : 'accepted';
    case 'owner':
      return has('vette', /^DISCARD: /) ? 'discarded' : 'forwarded to owners';
    case 'bounces':
    case 'admin':
      if (has('bounce', /bounce score = /)) return 'bounce registered';
      if (has('bounce', /no discernable addresses/))
        return list === 'mailman' || isForSite(site) ? 'bounce forwarded' : 'bounce not recognised';
      return 'bounce ignored';
    case 'tick':
      return decision as Decision;
    default:
      return has('vette', /^DISCARD: /) ? 'discarded' : 'command processed';
  }
}

function isForSite({ sink, services }: Site): boolean {
  return sink.mails.some(({ recipients }) => recipients.includes(services.config.mailman.site_owner));
}

/** Why, in our own words. */
export function reasonOf({ logged }: Site, shunted: readonly string[]): string {
  const lines = logged
    .filter(({ logger }) => logger === 'vette' || logger === 'bounce')
    .map(({ line }) => line);
  return [...shunted, ...lines].join('\n');
}

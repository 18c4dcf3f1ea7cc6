import type { Domain } from '../../model/domain.ts';
import type { Call } from '../route.ts';
import type { Resource } from '../values.ts';

/** A domain as the API shows it. */
export function domainResource(call: Call, { aliasDomain, description, mailHost }: Domain): Resource {
  return {
    alias_domain: aliasDomain,
    description,
    mail_host: mailHost,
    self_link: call.link(`/domains/${mailHost}`),
  };
}

import type { Config } from '../config/index.ts';
import type { Mailbox } from '../model/email-address.ts';
import { type MailingList, subAddress } from '../model/mailing-list.ts';
import { expand } from './placeholders.ts';

/** An address of the list, without a name: `ant-bounces@example.com`. */
export function listSender(list: MailingList, purpose: 'bounces' | 'owner' | 'request'): Mailbox {
  return { address: subAddress(list, purpose), displayName: '' };
}

/** Who mail from the whole site comes from. */
export function siteOwner(config: Config): Mailbox {
  return { address: config.mailman.site_owner, displayName: '' };
}

/** `noreply@example.com` */
export function noReply(config: Config, list: MailingList): Mailbox {
  return { address: `${config.mailman.noreply_address}@${list.mailHost}`, displayName: '' };
}

/** The address that takes an answer to a token, by `[mta] verp_confirm_format`: `ant-confirm+TOKEN@example.com`. */
export function confirmAddress(config: Config, list: MailingList, token: string): string {
  const local = expand(config.mta.verp_confirm_format, {
    address: `${list.listName}-confirm`,
    cookie: token,
  });
  return `${local}@${list.mailHost}`;
}

/** The address that a bounce of a probe comes back to, by `[mta] verp_probe_format`. */
export function probeAddress(config: Config, list: MailingList, token: string): string {
  return expand(config.mta.verp_probe_format, {
    bounces: `${list.listName}-bounces`,
    token,
    domain: list.mailHost,
  });
}

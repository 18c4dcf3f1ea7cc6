import { addressKey, formatMailbox, type Mailbox } from '../model/email-address.ts';
import { type MailingList, postingAddress, subAddress } from '../model/mailing-list.ts';
import { expandBothWays, type Variables } from './placeholders.ts';
import { wrapLines } from './wrap.ts';

/** What the general placeholders are taken from beside the list. */
export interface Circumstances {
  /** `[mailman] site_owner` */
  readonly siteOwner: string;
  /** The code of the language of the text. */
  readonly language: string;
}

/** The placeholders that every template of a list knows. */
export function listVariables(list: MailingList, { siteOwner, language }: Circumstances) {
  return {
    listname: postingAddress(list),
    list_id: list.listId,
    display_name: list.settings.display_name,
    short_listname: list.listName,
    domain: list.mailHost,
    description: list.settings.description,
    info: list.settings.info,
    request_email: subAddress(list, 'request'),
    owner_email: subAddress(list, 'owner'),
    site_email: siteOwner,
    language,
  };
}

/** The placeholders that headers and footers of posts and digests know. */
export function frameVariables(list: MailingList) {
  return {
    fqdn_listname: postingAddress(list),
    list_name: list.listName,
    mail_host: list.mailHost,
    request_address: subAddress(list, 'request'),
  };
}

/** The placeholders of a digest's masthead. */
export function mastheadVariables(list: MailingList) {
  return {
    got_list_email: postingAddress(list),
    got_request_email: subAddress(list, 'request'),
    got_owner_email: subAddress(list, 'owner'),
  };
}

/** Whom a copy of a post goes to. */
export interface Reader extends Mailbox {
  /** The description of the language that the reader prefers, such as `German`. */
  readonly languageDescription: string;
}

/** The placeholders that headers and footers of posts know where everybody gets a copy of their own. */
export function readerVariables({ address, displayName, languageDescription }: Reader) {
  const email = addressKey(address);
  return {
    member: formatMailbox({ address, displayName }),
    user_email: email,
    user_email_in_url: emailInUrl(address),
    user_address: email,
    user_delivered_to: address,
    user_language: languageDescription,
    user_name: displayName,
    user_name_or_address: displayName || address,
  };
}

/**
 * An address as a part of the path of a web address, as Mailman 2.1 writes it there: in lower case, all but letters,
 * digits, hyphens, dots, low lines and slashes percent-encoded.
 */
export function emailInUrl(address: string): string {
  return encodeURIComponent(addressKey(address).toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The placeholders of mails to somebody who joins or leaves. */
export function subscriberVariables(list: MailingList, { address, displayName }: Mailbox) {
  const email = addressKey(address);
  return {
    user_name: displayName,
    user_email: email,
    user_email_in_url: emailInUrl(address),
    user_address: email,
    fqdn_listname: postingAddress(list),
    list_name: list.settings.display_name,
    list_requests: subAddress(list, 'request'),
  };
}

/** The placeholders of mails that ask for a confirmation. */
export function confirmationVariables(
  list: MailingList,
  { token, address, confirm, subject, web }: ConfirmationDetails,
) {
  const email = addressKey(address);
  return {
    token,
    subject,
    confirm_email: confirm,
    confirm_address: confirm,
    user_email: email,
    email_address: email,
    domain_name: list.mailHost,
    contact_address: subAddress(list, 'owner'),
    confirm_by_web: web,
  };
}

interface ConfirmationDetails {
  readonly token: string;
  /** Who is asked. */
  readonly address: string;
  /** The address that takes the answer. */
  readonly confirm: string;
  /** The Subject of the mail. */
  readonly subject: string;
  /** A paragraph that names the page for it (see web-links.ts). */
  readonly web: string;
}

/**
 * Fills a text among the list's settings (an automatic answer, a moderation notice): it may have been written for
 * Mailman 3 with `$name`, or taken over from Mailman 2.1 with `%(name)s`.
 */
export function expandSetting(text: string, list: MailingList, circumstances: Circumstances): string {
  const old = mailman21Variables(list, circumstances.siteOwner);
  const general = {
    ...old,
    ...listVariables(list, circumstances),
  };
  return expandBothWays(text, general, old);
}

/** What Mailman 2.1's own names stand for, as far as web pages are concerned in the old web addresses. */
function mailman21Variables(list: MailingList, siteOwner: string): Variables {
  const { settings } = list;
  const owner = subAddress(list, 'owner');
  const request = subAddress(list, 'request');
  const web = settings.web_page_url;
  return {
    listname: settings.display_name,
    real_name: settings.display_name,
    list_name: list.listName,
    display_name: settings.display_name,
    _internal_name: list.listName,
    internal_name: list.listName,
    host_name: list.mailHost,
    hostname: list.mailHost,
    description: settings.description,
    info: settings.info,
    listaddress: postingAddress(list),
    listurl: web === '' ? '' : `${web}listinfo/${list.listName}`,
    web_page_url: web,
    cgiext: '',
    requestemail: request,
    requestaddr: request,
    adminemail: subAddress(list, 'bounces'),
    owneremail: owner,
    owneraddr: owner,
    listowner: owner,
    siteowner: siteOwner,
  };
}

/**
 * Reasons as a block that reflowing leaves alone: each on lines of its own, indented by four blanks.
 * @param width columns, with the indentation
 */
export function reasonBlock(reasons: readonly string[], width: number): string {
  return reasons
    .flatMap((reason) => reason.split('\n'))
    .flatMap((line) => wrapLines(oneLine(line), { width: width - INDENT.length }))
    .map((line) => INDENT + line)
    .join('\n');
}

const INDENT = '    ';

/**
 * A text from outside on one line, without control characters: it cannot pretend to be further lines of a notice. Blanks at
 * which no line may break stay, as French has them before punctuation.
 */
export function oneLine(text: string): string {
  return text.replace(/(?:[^\S\u00a0\u202f]|\p{Cc})+/gu, ' ').trim();
}

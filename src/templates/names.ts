/** How a template's text is brought to lines of at most 70 columns: not at all, or before or after its placeholders are filled. */
export type Wrapping = 'no' | 'after' | 'before';

interface TemplateDefinition {
  /** Placeholders beside those that every template of a list knows (see variables.ts). */
  readonly placeholders: readonly string[];
  readonly wrapped: Wrapping;
}

const template = <const P extends readonly string[]>(wrapped: Wrapping, ...placeholders: P) => ({
  placeholders,
  wrapped,
});

const DIGEST_FRAME = ['fqdn_listname', 'list_name', 'mail_host', 'request_address'] as const;
const MEMBER = [
  'member',
  'user_email',
  'user_email_in_url',
  'user_address',
  'user_delivered_to',
  'user_language',
  'user_name',
  'user_name_or_address',
] as const;
const CONFIRMATION = [
  'token',
  'subject',
  'confirm_email',
  'confirm_address',
  'user_email',
  'email_address',
  'domain_name',
  'contact_address',
  'confirm_by_web',
] as const;

/** Every template that can be replaced, under Mailman's name. */
export const templateDefinitions = {
  'domain:admin:notice:new-list': template('after', 'requestaddr', 'siteowner'),
  'list:admin:action:post': template('no', 'subject', 'sender_email', 'sender', 'reasons'),
  'list:admin:action:subscribe': template('after', 'member'),
  'list:admin:action:unsubscribe': template('after', 'member'),
  'list:admin:notice:disable': template('no', 'member'),
  'list:admin:notice:increment': template('no', 'member'),
  'list:admin:notice:pending': template('after', 'count', 'data'),
  'list:admin:notice:removal': template('no', 'member', 'mlist'),
  'list:admin:notice:subscribe': template('no', 'member'),
  'list:admin:notice:unrecognized': template('no'),
  'list:admin:notice:unsubscribe': template('no', 'member'),
  'list:member:digest:footer': template('no', ...DIGEST_FRAME),
  'list:member:digest:header': template('no', ...DIGEST_FRAME),
  'list:member:digest:masthead': template('after', 'got_list_email', 'got_request_email', 'got_owner_email'),
  'list:member:regular:footer': template('no', ...DIGEST_FRAME, ...MEMBER),
  'list:member:regular:header': template('no', ...DIGEST_FRAME, ...MEMBER),
  'list:user:action:invite': template('no', ...CONFIRMATION),
  'list:user:action:subscribe': template('no', ...CONFIRMATION),
  'list:user:action:unsubscribe': template('no', ...CONFIRMATION),
  'list:user:notice:goodbye': template(
    'after',
    'user_email',
    'user_address',
    'fqdn_listname',
    'list_name',
    'list_requests',
  ),
  'list:user:notice:hold': template('after', 'subject', 'sender_email', 'sender', 'reasons', 'language'),
  'list:user:notice:no-more-today': template(
    'after',
    'count',
    'sender_email',
    'sender',
    'owneremail',
    'language',
  ),
  'list:user:notice:post': template('no', 'subject', 'list_name', 'user_email_in_url'),
  'list:user:notice:probe': template('after', 'sender_email', 'address', 'email', 'owneraddr'),
  'list:user:notice:refuse': template('after', 'reason', 'request', 'adminaddr', 'language'),
  'list:user:notice:rejected': template('no', 'reasons', 'listname'),
  'list:user:notice:warning': template('before', 'sender_email', 'user_email_in_url'),
  'list:user:notice:welcome': template(
    'before',
    'user_name',
    'user_email',
    'user_email_in_url',
    'user_address',
    'fqdn_listname',
    'list_name',
    'list_requests',
  ),
} as const satisfies Readonly<Record<string, TemplateDefinition>>;

export type TemplateName = keyof typeof templateDefinitions;

/** The placeholders of one template beside the general ones. */
export type PlaceholderOf<N extends TemplateName> = (typeof templateDefinitions)[N]['placeholders'][number];

export const templateNames = Object.keys(templateDefinitions) as readonly TemplateName[];

/** Texts that are shipped but have no place of their own in REST: they are replaced by files only. */
export type AuxiliaryName = 'help' | 'list:member:generic:footer';

/** Templates that share a text where they have none of their own. */
export const fallbacks: Readonly<Partial<Record<TemplateName, AuxiliaryName>>> = {
  'list:member:digest:footer': 'list:member:generic:footer',
  'list:member:regular:footer': 'list:member:generic:footer',
};

/** Whether a text is the name of a template that can be replaced. */
export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templateDefinitions, name);
}

/** The names that can be set in a context: a list cannot replace what is sent to owners of new lists. */
export function namesInScope(scope: 'site' | 'domain' | 'list'): readonly TemplateName[] {
  return scope === 'list' ? templateNames.filter((name) => name.startsWith('list:')) : templateNames;
}

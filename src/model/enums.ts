/** Mailman's enumerations, by the names that REST and the command line use, in Mailman's order. */

export const actions = ['hold', 'reject', 'discard', 'accept', 'defer'] as const;
export type Action = (typeof actions)[number];

export const roles = ['member', 'owner', 'moderator', 'nonmember'] as const;
export type Role = (typeof roles)[number];

export const deliveryModes = ['regular', 'plaintext_digests', 'mime_digests', 'summary_digests'] as const;
export type DeliveryMode = (typeof deliveryModes)[number];

export const deliveryStatuses = ['enabled', 'by_user', 'by_bounces', 'by_moderator', 'unknown'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const subscriptionModes = ['as_address', 'as_user'] as const;
export type SubscriptionMode = (typeof subscriptionModes)[number];

export const archivePolicies = ['never', 'private', 'public'] as const;
export const archiveRenderingModes = ['text', 'markdown'] as const;
export const dmarcMitigateActions = [
  'no_mitigation',
  'munge_from',
  'wrap_message',
  'reject',
  'discard',
] as const;
export const fromIsListActions = ['no_mitigation', 'munge_from', 'wrap_message'] as const;
export const filterActions = ['hold', 'reject', 'discard', 'accept', 'defer', 'forward', 'preserve'] as const;
export const memberModerationActions = ['hold', 'reject', 'discard'] as const;
export const newsgroupModerations = ['none', 'open_moderated', 'moderated'] as const;
export const personalizations = ['none', 'individual', 'full'] as const;
export const replyGoesToList = [
  'no_munging',
  'point_to_list',
  'explicit_header',
  'explicit_header_only',
] as const;
export const responseActions = ['none', 'respond_and_discard', 'respond_and_continue'] as const;
export const rosterVisibilities = ['public', 'members', 'moderators'] as const;
export const subscriptionPolicies = ['open', 'confirm', 'moderate', 'confirm_then_moderate'] as const;
export const unrecognizedBounceDispositions = ['discard', 'administrators', 'site_owner'] as const;
export const volumeFrequencies = ['yearly', 'monthly', 'quarterly', 'weekly', 'daily'] as const;

import {
  actions,
  archivePolicies,
  archiveRenderingModes,
  deliveryModes,
  deliveryStatuses,
  dmarcMitigateActions,
  filterActions,
  newsgroupModerations,
  personalizations,
  replyGoesToList,
  responseActions,
  roles,
  subscriptionModes,
  subscriptionPolicies,
  unrecognizedBounceDispositions,
  volumeFrequencies,
} from '../model/enums.ts';
import { EnumMember } from './values.ts';

/** Makes values of one enumeration: its class in Mailman, its names, and the number of the first. */
function enumeration<const N extends readonly string[]>(className: string, names: N, first: 0 | 1) {
  const members = new Map<string, EnumMember>(
    names.map((name, index) => [name, new EnumMember(className, name, index + first)]),
  );
  return (name: N[number]): EnumMember | string => members.get(name) ?? name;
}

/** How Mailman calls and numbers the enumerations whose members it shows. */
export const shownAs = {
  action: enumeration('Action', actions, 0),
  archivePolicy: enumeration('ArchivePolicy', archivePolicies, 0),
  archiveRenderingMode: enumeration('ArchiveRenderingMode', archiveRenderingModes, 1),
  deliveryMode: enumeration('DeliveryMode', deliveryModes, 1),
  deliveryStatus: enumeration('DeliveryStatus', deliveryStatuses, 1),
  digestFrequency: enumeration('DigestFrequency', volumeFrequencies, 0),
  dmarcMitigateAction: enumeration('DMARCMitigateAction', dmarcMitigateActions, 0),
  filterAction: enumeration('FilterAction', filterActions, 0),
  newsgroupModeration: enumeration('NewsgroupModeration', newsgroupModerations, 0),
  personalization: enumeration('Personalization', personalizations, 0),
  replyToMunging: enumeration('ReplyToMunging', replyGoesToList, 0),
  responseAction: enumeration('ResponseAction', responseActions, 0),
  role: enumeration('MemberRole', roles, 1),
  subscriptionMode: enumeration('SubscriptionMode', [...subscriptionModes].reverse(), 1),
  subscriptionPolicy: enumeration('SubscriptionPolicy', subscriptionPolicies, 0),
  unrecognizedBounceDisposition: enumeration(
    'UnrecognizedBounceDisposition',
    unrecognizedBounceDispositions,
    0,
  ),
} as const;

import type { Post } from '../post.ts';

export type Mitigation = 'munge_from' | 'wrap_message';

/**
 * How the author's address has to leave the From of a post: where the DMARC rule asked for it, else where the list
 * always does so. Undefined where From stays; anonymous lists have their own anyway.
 */
export function mitigationFor({ list, metadata }: Post): Mitigation | undefined {
  const { anonymous_list, dmarc_mitigate_action, dmarc_mitigate_unconditionally, from_is_list } =
    list.settings;
  if (anonymous_list || metadata.isdigest || metadata.virgin) return undefined;
  const applies = metadata.dmarc || dmarc_mitigate_unconditionally;
  if (applies && (dmarc_mitigate_action === 'munge_from' || dmarc_mitigate_action === 'wrap_message'))
    return dmarc_mitigate_action;
  return from_is_list === 'no_mitigation' ? undefined : from_is_list;
}

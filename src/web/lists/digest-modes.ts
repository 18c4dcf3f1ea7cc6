import type { DeliveryMode } from '../../model/enums.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { Speaker } from '../texts/index.ts';
import type { Choice } from './form-fields.ts';

/** How posts can come, as far as the list offers it. */
export function deliveryChoices({ settings }: MailingList, say: Speaker): Choice[] {
  const { digests_enabled, nondigestable } = settings;
  return [
    ...(nondigestable || !digests_enabled ? [['regular', say('mode_regular')] as const] : []),
    ...(digests_enabled
      ? ([
          ['mime_digests', say('mode_mime')],
          ['plaintext_digests', say('mode_plain')],
        ] as const)
      : []),
  ];
}

/** What new members have who choose nothing. */
export function defaultMode({ settings }: MailingList): DeliveryMode {
  const { digests_enabled, digest_is_default, mime_is_default_digest, nondigestable } = settings;
  if (!digests_enabled || (!digest_is_default && nondigestable)) return 'regular';
  return mime_is_default_digest ? 'mime_digests' : 'plaintext_digests';
}

/** A mode that a form names, if the list offers it. */
export function chosenMode(list: MailingList, say: Speaker, value: string | null): DeliveryMode | undefined {
  return deliveryChoices(list, say).find(([mode]) => mode === value)?.[0] as DeliveryMode | undefined;
}

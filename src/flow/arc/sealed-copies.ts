import type { HeaderField } from '../../message/headers.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Services } from '../../queue/step.ts';
import { arcSetFor } from './seal.ts';

/** Copies whose seals are remembered: with VERP all are the same, but for those who were addressed directly. */
const REMEMBERED = 2;

/** Puts the ARC set in front of each copy of a message; a copy that was sealed before costs no second signature. */
export function sealedCopies(
  context: Pick<Services, 'config' | 'clock' | 'log'>,
  list: MailingList | undefined,
  metadata: MessageMetadata,
): (copy: Buffer) => Promise<Buffer> {
  if (!list || !context.config.ARC.enabled || !metadata.authentication) return async (copy) => copy;
  const remembered: { readonly copy: Buffer; readonly set: Promise<readonly HeaderField[]> }[] = [];
  return async (copy) => {
    let known = remembered.find((one) => one.copy.equals(copy));
    if (!known) {
      known = { copy, set: arcSetFor(context, list, metadata, copy) };
      if (remembered.unshift(known) > REMEMBERED) remembered.pop();
    }
    const fields = (await known.set).map(({ raw }) => raw).join('');
    return fields === '' ? copy : Buffer.concat([Buffer.from(fields, 'latin1'), copy]);
  };
}

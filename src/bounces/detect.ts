import { isAutoReply } from '../message/auto-reply.ts';
import type { Message } from '../message/message.ts';
import { addressKey } from '../model/email-address.ts';
import { readBounceMail } from './bounce-mail.ts';
import { type Detection, nothing } from './detection.ts';
import { standardDetector, textDetectors } from './detectors/index.ts';

/** Addresses that one mail may report; a transaction rarely has more than 500 recipients. */
const MAX_ADDRESSES = 1000;

/**
 * Finds out whose mail came back: the delivery status of the standard where there is one, else the words of the mail
 * servers that are known (mail-flow.md section 9). Hostile mail costs time in proportion to its size, up to a bound.
 * @returns each address once, as it was written; nothing where the mail is no bounce that anybody knows
 */
export function detectBounce(message: Message): Detection {
  const mail = readBounceMail(message);
  const standard = standardDetector.detect(mail);
  if (!isEmpty(standard)) return bounded(standard);
  if (isAutoReply(message)) return nothing;
  for (const detector of textDetectors) {
    const found = detector.detect(mail);
    if (!isEmpty(found)) return bounded(found);
  }
  return nothing;
}

function isEmpty(detection: Detection): boolean {
  return Object.values(detection).every((addresses: readonly string[]) => addresses.length === 0);
}

/** Whoever failed for good is not late as well. */
function bounded({ permanent, temporary, delivered }: Detection): Detection {
  const seen = new Set<string>();
  const unseen = (addresses: readonly string[]): string[] =>
    addresses.slice(0, MAX_ADDRESSES).filter((address) => {
      const key = addressKey(address);
      return !seen.has(key) && seen.add(key);
    });
  return { permanent: unseen(permanent), temporary: unseen(temporary), delivered: unseen(delivered) };
}

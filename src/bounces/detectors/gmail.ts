import { anyAddress, loneAddress } from '../address-scan.ts';
import { type Detector, permanent, temporary } from '../detection.ts';
import { addressesBehind, addressesInSections } from '../section.ts';

const END = ['technical details of', '----- original message -----'];

/** Gmail: the old plain text, and the newer text where it comes without its delivery status. */
export const gmail: Detector = {
  name: 'Gmail',
  detect: ({ lines }) => {
    const old = addressesInSections(lines, {
      begin: ['delivery to the following recipient failed', 'delivery to the following recipients failed'],
      end: END,
      pick: loneAddress,
    });
    if (old.length > 0) return permanent(old);
    const delayed = addressesInSections(lines, {
      begin: ['delivery to the following recipient has been delayed'],
      end: ['message will be retried', ...END],
      pick: loneAddress,
    });
    if (delayed.length > 0) return temporary(delayed);
    const incomplete = addressesBehind(
      lines,
      ['there was a temporary problem delivering your message to'],
      anyAddress,
    );
    if (incomplete.length > 0) return temporary(incomplete);
    return permanent(
      addressesBehind(
        lines,
        [
          "your message wasn't delivered to",
          'your message wasn’t delivered to',
          "we're writing to let you know that the group you tried to contact",
        ],
        anyAddress,
      ),
    );
  },
};

import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** `bart@example.com on Mon, 18 Mar 2024 …`, `c=US;a= ;p=x;o=y;dda:SMTP=bart@example.com; on …` */
function addressOn(line: string): string[] {
  return / on /.test(line) || /smtp=/i.test(line) ? anyAddress(line) : [];
}

/** Microsoft Exchange: 4 to 2003 in a text of its own, later ones beside the delivery status that a gateway may remove. */
export const exchange: Detector = {
  name: 'Exchange',
  detect: ({ lines }) => {
    const old = addressesInSections(lines, {
      begin: ['did not reach the following recipient', 'the following recipient(s) could not be reached'],
      end: ['error type', '-----original message'],
      pick: addressOn,
    });
    if (old.length > 0) return permanent(old);
    return permanent(
      addressesInSections(lines, {
        begin: [
          'delivery has failed to these recipients',
          'the following recipient(s) cannot be reached',
          'the following recipients cannot be reached',
        ],
        end: [
          'diagnostic information for administrators',
          'original message headers',
          'the following organization rejected',
        ],
        endsAtBlank: true,
        pick: anyAddress,
      }),
    );
  },
};

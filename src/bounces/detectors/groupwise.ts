import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Novell GroupWise and NTMail, which share the words. */
export const groupwise: Detector = {
  name: 'GroupWise',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: ['the message that you sent was undeliverable to the following'],
        endsAtBlank: true,
        pick: anyAddress,
      }),
    ),
};

import { leadingAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** 1&1, GMX and web.de, and others whose text they took over from Exim. */
export const kundenserver: Detector = {
  name: 'Kundenserver',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: [
          'a message that you sent could not be delivered',
          'the following address failed:',
          'the following addresses failed:',
        ],
        end: ['--- the header of the original message', '---', 'included is a copy of the message header'],
        pick: leadingAddress,
      }),
    ),
};

import { bracketedAddresses } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** InterMail as CAI Wireless and Japanese mobile networks ran it. */
export const caiwireless: Detector = {
  name: 'CAI Wireless',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: ['the following recipients did not receive this message'],
        end: ['please reply to'],
        pick: bracketedAddresses,
      }),
    ),
};

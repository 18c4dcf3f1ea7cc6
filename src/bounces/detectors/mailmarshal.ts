import { loneAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Trustwave MailMarshal. */
export const mailmarshal: Detector = {
  name: 'MailMarshal',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: ['the following recipients were affected:'],
        endsAtBlank: true,
        pick: loneAddress,
      }),
    ),
};

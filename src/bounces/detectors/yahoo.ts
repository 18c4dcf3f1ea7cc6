import { titleAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Yahoo, also for the domains that it serves. */
export const yahoo: Detector = {
  name: 'Yahoo',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: [
          'unable to deliver message to the following address',
          'unable to deliver your message to the following address',
        ],
        end: ['--- original message follows', '--- below this line is a copy', '- forwarded message -'],
        pick: titleAddress,
      }),
    ),
};

import { titleAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** qmail-send (QSBMF), in its own words and in those that sites have put in their place. */
export const qmail: Detector = {
  name: 'qmail',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: [
          'hi. this is the',
          "we're sorry. there's a problem",
          'check your send e-mail address',
          'this is the mail delivery agent at',
          'unfortunately, your mail was not delivered',
          'your mail message to the following address(es) could not be delivered',
        ],
        end: [
          '--- below this line is a copy',
          '--- undelivered message follows',
          '--- enclosed is a copy',
          '--- below the next line is a copy',
        ],
        pick: titleAddress,
      }),
    ),
};

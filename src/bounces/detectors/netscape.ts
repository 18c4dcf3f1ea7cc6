import { loneAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Netscape Messaging Server and InterMail. */
export const netscape: Detector = {
  name: 'Netscape',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: ['this message was undeliverable due to the following reason'],
        end: ['please reply to', 'the following message'],
        pick: (line) => loneAddress(line.replace(/^\s{0,8}recipient:/i, '')),
      }),
    ),
};

import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Mail.ru. */
export const mailru: Detector = {
  name: 'Mail.ru',
  detect: ({ lines }) =>
    permanent(
      addressesInSections(lines, {
        begin: ['a message that you sent was rejected'],
        end: ['this is a copy of your message', '------ this is a copy'],
        pick: anyAddress,
      }),
    ),
};

import { anyAddress, leadingAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Alt-N MDaemon, and its editions that list unknown users. */
export const mdaemon: Detector = {
  name: 'MDaemon',
  detect: ({ lines }) => {
    const listed = addressesInSections(lines, {
      begin: [
        'the following addresses did not receive a copy of your message',
        'the following data may contain sections which represent',
      ],
      end: ['--- session transcript ---', '--- end transcript ---'],
      pick: (line) => (line.trimStart().startsWith('>') ? anyAddress(line) : []),
    });
    if (listed.length > 0) return permanent(listed);
    return permanent(
      addressesInSections(lines, {
        begin: ['- no such user here'],
        end: ['there is no user'],
        pick: leadingAddress,
      }),
    );
  },
};

import { bracketedAddresses, loneAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Microsoft SMTPSVC (IIS, Windows NT), in two texts. */
export const microsoft: Detector = {
  name: 'Microsoft SMTPSVC',
  detect: ({ lines }) => {
    const named = addressesInSections(lines, {
      begin: ['the email below could not be delivered to the following user'],
      end: ['old message:'],
      pick: bracketedAddresses,
    });
    if (named.length > 0) return permanent(named);
    return permanent(
      addressesInSections(lines, {
        begin: ['transcript of session follows'],
        end: ['original message', 'unsent message'],
        pick: loneAddress,
      }),
    );
  },
};

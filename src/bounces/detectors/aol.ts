import { isValidAddress } from '../../model/email-address.ts';
import { type Detector, nothing, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** AOL names its users by their screen names. */
export const aol: Detector = {
  name: 'AOL',
  detect: ({ from, lines }) => {
    if (!/@aol\.com\b/.test(from)) return nothing;
    return permanent(
      addressesInSections(lines, {
        begin: ['mail to the following recipients could not be delivered'],
        endsAtBlank: true,
        pick: screenNames,
      }),
    );
  },
};

function screenNames(line: string): string[] {
  const name = line.trim();
  if (name === '' || /\s/.test(name)) return [];
  const address = name.includes('@') ? name : `${name}@aol.com`;
  return isValidAddress(address) ? [address] : [];
}

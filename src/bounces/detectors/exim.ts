import { parseAddresses } from '../../message/addresses.ts';
import { isValidAddress } from '../../model/email-address.ts';
import { leadingAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Exim names them in a header; where somebody removed that, they stand in the text, with what they were made of. */
export const exim: Detector = {
  name: 'Exim',
  detect: ({ message, lines }) => {
    const named = message.headers
      .getAll('X-Failed-Recipients')
      .flatMap((value) => parseAddresses(value))
      .map(({ address }) => address)
      .filter((address) => isValidAddress(address));
    if (named.length > 0) return permanent(named);
    return permanent(
      addressesInSections(lines, {
        begin: ['the following address(es) failed:'],
        end: ['------ this is a copy of', 'reporting-mta:'],
        pick: (line) => leadingAddress(line.replace(/^ {0,8}\(generated from /, '')),
      }),
    );
  },
};

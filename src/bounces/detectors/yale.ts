import { isValidAddress } from '../../model/email-address.ts';
import { type Detector, nothing, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Domains under which the names of Yale's directory were known. */
const DOMAINS = ['yale.edu', 'cs.yale.edu'];

/** Yale's directory, which names people without a domain. */
export const yale: Detector = {
  name: 'Yale',
  detect: ({ from, lines }) => {
    if (!/\byale\.edu\b/.test(from)) return nothing;
    return permanent(
      addressesInSections(lines, {
        begin: ['message not delivered to the following:'],
        end: ['--error detail'],
        pick: people,
      }),
    );
  },
};

function people(line: string): string[] {
  const [name = '', reason] = line.trim().split(/\s\s/, 2);
  if (reason === undefined || /\s/.test(name)) return [];
  return DOMAINS.map((domain) => `${name}@${domain}`).filter((address) => isValidAddress(address));
}

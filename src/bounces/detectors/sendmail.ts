import { leadingAddress } from '../address-scan.ts';
import { type Detector, permanent, temporary } from '../detection.ts';
import { addressesInSections } from '../section.ts';

const END = ['transcript of session follows', 'original message follows', 'message header follows'];

/** An address alone, with its reason behind it, or what it was expanded from. */
function pick(line: string): string[] {
  return leadingAddress(line.replace(/^ {0,8}\(expanded from: /, ''));
}

/** Sendmail without a delivery status: version 5 to 8.7, and those that copied its words. */
export const sendmail: Detector = {
  name: 'sendmail',
  detect: ({ lines }) => {
    const failed = addressesInSections(lines, {
      begin: [
        'the following addresses had permanent',
        'the following addresses had delivery',
        'the following addresses have delivery',
        'the following addresses had fatal',
        'unrecovered address list follows',
      ],
      end: END,
      pick,
    });
    if (failed.length > 0) return permanent(failed);
    return temporary(
      addressesInSections(lines, {
        begin: ['the following addresses had transient', 'the following addresses had temporary'],
        end: END,
        pick,
      }),
    );
  },
};

import { loneAddress } from '../address-scan.ts';
import { type Detector, nothing, permanent } from '../detection.ts';
import { addressesBehind, mentions } from '../section.ts';

/** Apache James. */
export const james: Detector = {
  name: 'James',
  detect: ({ lines }) =>
    mentions(lines, ['error message below:', 'message details:'])
      ? permanent(addressesBehind(lines, ['rcpt to:'], loneAddress))
      : nothing,
};

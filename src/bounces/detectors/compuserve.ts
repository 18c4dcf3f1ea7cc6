import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesBehind, mentions } from '../section.ts';

/** CompuServe. */
export const compuserve: Detector = {
  name: 'CompuServe',
  detect: ({ lines }) =>
    mentions(lines, ['your message could not be delivered for the following reason'])
      ? permanent(addressesBehind(lines, ['invalid receiver address:', 'receiver mailbox full:'], anyAddress))
      : permanent([]),
};

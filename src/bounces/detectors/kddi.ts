import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesBehind } from '../section.ts';

/** au by KDDI, and others that write one line for each recipient. */
export const kddi: Detector = {
  name: 'KDDI',
  detect: ({ lines }) => permanent(addressesBehind(lines, ['could not be delivered to:'], anyAddress)),
};

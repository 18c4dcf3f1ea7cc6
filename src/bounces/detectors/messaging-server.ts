import { anyAddress } from '../address-scan.ts';
import { type Detector, nothing, permanent, temporary } from '../detection.ts';
import { addressesBehind, mentions } from '../section.ts';

const FIELDS = ['original address:', 'recipient address:'];

/** PMDF, iPlanet, Sun and Oracle Messaging Server. */
export const messagingServer: Detector = {
  name: 'Messaging Server',
  detect: ({ lines }) => {
    if (mentions(lines, ['your message cannot be delivered to the following recipients']))
      return permanent(addressesBehind(lines, FIELDS, anyAddress));
    if (mentions(lines, ['your message has been enqueued and undeliverable for']))
      return temporary(addressesBehind(lines, FIELDS, anyAddress));
    return nothing;
  },
};

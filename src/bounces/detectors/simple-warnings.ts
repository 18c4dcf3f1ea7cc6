import { anyAddress, leadingAddress, loneAddress } from '../address-scan.ts';
import { type Detector, temporary } from '../detection.ts';
import { addressesInSections, type Section } from '../section.ts';

const WARNINGS: readonly Section[] = [
  // Exim
  {
    begin: [
      'the address to which the message has not yet been delivered',
      'the addresses to which the message has not yet been delivered',
    ],
    end: ['no action is required', 'delay reason', 'reporting-mta'],
    pick: leadingAddress,
  },
  // Kundenserver
  { begin: ['not yet been delivered'], end: ['no action is required on your part'], pick: leadingAddress },
  {
    begin: ['delivery to the following recipient has been delayed'],
    end: ['message will be retried'],
    pick: loneAddress,
  },
  // Exchange
  { begin: ['this is an advisory-only email'], end: ['has been postponed'], pick: anyAddress },
  {
    begin: [
      'delivery to the following recipients has been delayed',
      'delivery of the following message has been delayed',
    ],
    endsAtBlank: true,
    pick: loneAddress,
  },
  // BigFish
  {
    begin: ['your message to:'],
    needs: ['has not yet been delivered because'],
    end: ['has not yet been delivered'],
    pick: loneAddress,
  },
  // Symantec
  {
    begin: ['could not be delivered to the following recipients:'],
    needs: ['delivery attempts will continue'],
    end: ['please do not resend'],
    pick: loneAddress,
  },
  {
    begin: ['your message has been delayed', 'we were unable to deliver your message yet'],
    endsAtBlank: true,
    pick: anyAddress,
  },
];

/** Notices that delivery is late, in texts of all kinds. */
export const simpleWarnings: Detector = {
  name: 'simple warnings',
  detect: ({ lines }) => {
    for (const warning of WARNINGS) {
      const addresses = addressesInSections(lines, warning);
      if (addresses.length > 0) return temporary(addresses);
    }
    return temporary([]);
  },
};

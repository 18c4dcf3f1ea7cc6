import { leadingAddress } from '../address-scan.ts';
import { type Detector, nothing, permanent, temporary } from '../detection.ts';
import { addressesInSections, mentions } from '../section.ts';

const END = ['below is a copy of the original message'];

/** OpenBSD's smtpd. */
export const opensmtpd: Detector = {
  name: 'OpenSMTPD',
  detect: ({ lines }) => {
    if (!mentions(lines, ['this is the mailer-daemon, please do not reply to this'])) return nothing;
    const addresses = addressesInSections(lines, {
      begin: ['list of recipients:'],
      end: END,
      pick: leadingAddress,
    });
    return mentions(lines, ['this is only a temporary failure report', 'a message is delayed for more than'])
      ? temporary(addresses)
      : permanent(addresses);
  },
};

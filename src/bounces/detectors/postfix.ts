import { titleAddress } from '../address-scan.ts';
import { type Detector, permanent, temporary } from '../detection.ts';
import { addressesInSections, mentions } from '../section.ts';

/** Postfix and its relatives, where the report has no delivery status (Postfix before 2.3, or a gateway removed it). */
export const postfix: Detector = {
  name: 'Postfix',
  detect: ({ lines }) => {
    const addresses = addressesInSections(lines, {
      begin: [
        'this is the mail system at host',
        'the postfix program',
        'the postfix on',
        'this is the postfix',
        'the bns postfix',
        'the keftamail program',
        'the smtp_gateway program',
        'failure reason:',
        'the mail system',
      ],
      pick: titleAddress,
    });
    return mentions(lines, ['this is a warning only', 'you do not need to resend your message'])
      ? temporary(addresses)
      : permanent(addresses);
  },
};

import { anyAddress } from '../address-scan.ts';
import { type Detector, permanent } from '../detection.ts';
import { addressesBehind } from '../section.ts';

/** Ipswitch IMail, whose `X-Mailer` is `<SMTP32 v8.22>`. */
export const smtp32: Detector = {
  name: 'SMTP32',
  detect: ({ mailer, subject, lines }) => {
    if (!mailer.startsWith('<smtp32') && subject.trim() !== 'undeliverable mail') return permanent([]);
    const end = lines.findIndex(({ phrase }) => phrase.startsWith('original message follows'));
    return permanent(
      addressesBehind(
        end < 0 ? lines : lines.slice(0, end),
        [
          'user mailbox exceeds allowed size:',
          'user mailbox',
          'delivery failed',
          'unknown user',
          'unknown host',
          'undeliverable to',
          'invalid final delivery userid:',
        ],
        anyAddress,
      ),
    );
  },
};

import { bracketedAddresses } from '../address-scan.ts';
import { type Detector, nothing, permanent } from '../detection.ts';

/** Sina: a Chinese text of which only the addresses can be relied on. */
export const sina: Detector = {
  name: 'Sina',
  detect: ({ from, lines }) =>
    /\bmailer-daemon@(?:[a-z0-9-]{1,20}\.)?sina\.com\b/.test(from)
      ? permanent(lines.flatMap(({ text }) => bracketedAddresses(text)))
      : nothing,
};

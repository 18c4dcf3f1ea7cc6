import { loneAddress } from '../address-scan.ts';
import { type Detector, nothing, permanent } from '../detection.ts';
import { addressesInSections } from '../section.ts';

/** Lotus and IBM Domino, and Notes before it. */
export const domino: Detector = {
  name: 'Domino',
  detect: ({ lines }) => {
    const notes = addressesInSections(lines, {
      begin: ['------- failure reasons'],
      end: ['------- returned message'],
      pick: loneAddress,
    });
    if (notes.length > 0) return permanent(notes);
    if (!lines.some(({ phrase }) => phrase === 'your message')) return nothing;
    return permanent(
      addressesInSections(lines, { begin: ['was not delivered to:'], end: ['because:'], pick: loneAddress }),
    );
  },
};

import { fieldValue } from '../../message/headers.ts';
import { arcSetFor } from '../arc/seal.ts';
import type { Handler } from '../post.ts';

/** Stands in no pipeline: a message is sealed as it goes out (see mta/prepare-outgoing.ts), after its last change. */
export const arcSign: Handler = {
  name: 'arc-sign',
  description: 'Seals the message with ARC, so that receivers can see who checked it before it was changed.',
  process: async ({ list, message, metadata }, step) => {
    const set = await arcSetFor(step, list, metadata, message.toBuffer());
    for (const field of [...set].reverse()) message.headers.prepend(field.name, fieldValue(field));
    delete metadata.authentication;
  },
};

import type { DeliveryHooks } from '../mta/outgoing.ts';
import { prepareOutgoing } from '../mta/prepare-outgoing.ts';

/** What delivery asks the flow and bounce processing. */
export const deliveryHooks: DeliveryHooks = {
  prepare: prepareOutgoing,
  registerRefusals: async ({ metadata }, refused, { log }) => {
    for (const { recipient, code, text } of refused) {
      log(
        'bounce',
        `${recipient} on list ${metadata.listid ?? 'none'} was refused with code ${code}, ${text}`,
      );
    }
  },
};

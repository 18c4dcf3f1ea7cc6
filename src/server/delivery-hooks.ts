import { registerRefusals } from '../bounces/delivery-failure.ts';
import type { DeliveryHooks } from '../mta/outgoing.ts';
import { prepareOutgoing } from '../mta/prepare-outgoing.ts';

/** What delivery asks the flow and bounce processing. */
export const deliveryHooks: DeliveryHooks = { prepare: prepareOutgoing, registerRefusals };

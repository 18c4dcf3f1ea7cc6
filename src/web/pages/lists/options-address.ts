import { requestAddressChange } from '../../../membership/workflow/address-change.ts';
import { RequestRefused } from '../../../membership/workflow/refusal.ts';
import { runStep } from '../../../queue/enqueue.ts';
import { redirect } from '../../answer.ts';
import { doorPath, sayingPage, visitDoor } from '../../lists/list-door.ts';
import { mayMail } from '../../lists/mail-limits.ts';
import { requireOwnMembership } from '../../lists/own-options.ts';
import type { Page } from '../../page.ts';

/** A member wants mail at another address, which is asked by mail. */
export const optionsAddress: Page = {
  path: '/lists/:list/options/address/',
  get: async (plain) => {
    const { list, urls } = await visitDoor(plain);
    return redirect(urls.path(doorPath(list, 'options/')));
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const { member } = await requireOwnMembership(visit);
    const { services, list, form, say } = visit;
    const address = (form.get('address') ?? '').trim();
    const title = say('address_title');
    const told = { email: address.slice(0, 320), list: visit.title };
    if (!mayMail(visit, address)) return sayingPage(visit, { title, lead: say('address_asked', told) });
    try {
      await runStep(services, (step) =>
        requestAddressChange(step, list, {
          oldEmail: member.email,
          newMailbox: { address, displayName: member.displayName },
          everywhere: form.has('everywhere'),
        }),
      );
    } catch (error) {
      if (!(error instanceof RequestRefused)) throw error;
      // Whether somebody else is a member or banned is nobody's business: these look like a mail that was sent.
      if (error.reason === 'invalid_address' || error.reason === 'same_address')
        return sayingPage(visit, { title, lead: say('address_refused'), status: 400 });
    }
    return sayingPage(visit, { title: say('sign_in_link_title'), lead: say('address_asked', told) });
  },
};

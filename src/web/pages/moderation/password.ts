import { lockList } from '../../../database/lists.ts';
import { subscribe } from '../../../membership/subscribe.ts';
import { postingAddress } from '../../../model/mailing-list.ts';
import { staffRoleOfPassword } from '../../../moderation/list-passwords.ts';
import { redirect } from '../../answer.ts';
import { SignInNeededError, TooManyAttemptsError } from '../../errors.ts';
import { doorPath, mailman2sAnswer, visitDoor } from '../../lists/list-door.ts';
import { runsList } from '../../lists/standing.ts';
import { passwordClaim } from '../../moderation/password-claim.ts';
import type { Page } from '../../page.ts';

/** The password of a list, or of the site, makes somebody who is signed in one of its owners or moderators. */
export const moderationPassword: Page = {
  path: '/lists/:list/moderation/password/',
  get: async (plain) => {
    const { list, urls } = await visitDoor(plain);
    return redirect(urls.path(doorPath(list, 'moderation/')));
  },
  post: async (plain) => {
    const visit = await visitDoor(plain);
    const { viewer, list, limits, network, form, services, urls } = visit;
    const [email] = viewer?.addresses ?? [];
    if (!viewer || email === undefined) throw new SignInNeededError('sign in first');
    if (visit.isMailman2s) return mailman2sAnswer(visit);
    const account = `list:${list.listId}`;
    const wait = Math.max(limits.network.waitFor(network), limits.account.waitFor(account));
    if (wait > 0) throw new TooManyAttemptsError(wait);
    const role =
      services.config.legacy.passwords && !runsList(viewer, list)
        ? await services.database.transaction(async (connection) => {
            const current = await lockList(connection, list.listId);
            const wanted =
              current && (await staffRoleOfPassword(connection, current, form.get('password') ?? ''));
            if (!current || !wanted) return undefined;
            const mailbox = { address: email, displayName: viewer.user.displayName };
            await subscribe(connection, current, [mailbox], { role: wanted, verified: true });
            return wanted;
          })
        : undefined;
    if (!role) {
      limits.network.note(network);
      limits.account.note(account);
      return passwordClaim(visit, true);
    }
    services.log(
      'vette',
      `${postingAddress(list)}: ${email} is ${role} now, by the password of the list or the site`,
    );
    return redirect(urls.path(doorPath(list, 'moderation/')));
  },
};

import { findList } from '../database/lists.ts';
import { findUser, updateUser } from '../database/users.ts';
import { insertSignInLink } from '../database/web-sessions.ts';
import { UsageError } from '../errors.ts';
import { ensureAddresses } from '../membership/people.ts';
import { addressKey, isValidAddress } from '../model/email-address.ts';
import { laterBy, utcNow } from '../model/time.ts';
import type { CliCommand } from './command.ts';

/** Seconds that the link can be used. */
const LINK_LIFE = 3600;

/** `mailman cutover watch` */
export const watch: CliCommand = {
  define: (command, context) => {
    command
      .description('Make somebody an administrator, and print a link that shows the cutover on the web.')
      .argument('<ADDRESS>', 'E-mail address of whoever is to look on.')
      .action(async (email: string) => {
        if (!isValidAddress(email)) throw new UsageError(`${email} is no e-mail address`);
        const config = context.config();
        if (!config.web.enabled)
          throw new UsageError(`${config.where('web', 'enabled')}: the web pages are switched off`);
        // Most commands need nothing of the web pages.
        const [{ newSecret }, { hashToken }, { Urls }] = await Promise.all([
          import('../web/form-token.ts'),
          import('../web/viewer.ts'),
          import('../web/urls.ts'),
        ]);
        const token = newSecret();
        const urls = new Urls(config);
        await context.withDatabase((database) =>
          database.transaction(async (connection) => {
            if (await findList(connection, email))
              throw new UsageError(
                `${email} is a list: all its members would get the mails that sign its administrator in`,
              );
            const now = utcNow();
            const owned = await ensureAddresses(connection, [{ address: email, displayName: '' }], now, now);
            const address = owned.get(addressKey(email));
            const user = address?.userId ? await findUser(connection, address.userId) : undefined;
            if (!address || !user) throw new UsageError(`${email} belongs to nobody`);
            await updateUser(connection, { ...user, isServerOwner: true });
            await insertSignInLink(connection, {
              tokenHash: hashToken(token),
              addressId: address.addressId,
              nextPath: urls.path('/cutover/'),
              expiresAt: laterBy(now, LINK_LIFE),
            });
          }),
        );
        context.print(`${email} is an administrator of this server. To look on, once, within an hour:`);
        context.print(urls.absolute(`/accounts/link/${token}/`));
      });
  },
};

import { bansFor, bansOf, deleteBans, insertBans } from '../../database/bans.ts';
import { findList } from '../../database/lists.ts';
import { refuseSettingsWhereMailman2InCharge } from '../../lists/mailman2-settings.ts';
import { compileBans } from '../../membership/bans.ts';
import { addressKey } from '../../model/email-address.ts';
import { created, noContent, okay, okayAsIs } from '../answer.ts';
import { addressOrPattern } from '../converters.ts';
import { badRequest, notFound } from '../errors.ts';
import { parentList, part } from '../lookup.ts';
import { collection, pageIn, slice } from '../paging.ts';
import { required } from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import type { Resource } from '../values.ts';

/** Where bans stand: on one list, or (null) on all. */
type FindScope = (call: Call) => Promise<string | null>;

function linkOf(call: Call, listId: string | null, email: string): string {
  // Mailman writes addresses as they are, and patterns as a form has them.
  const shown = email.startsWith('^') ? formEncoded(email) : email;
  return call.link(`${listId === null ? '' : `/lists/${listId}`}/bans/${shown}`);
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('*', '%2A');
}

function resource(call: Call, listId: string | null, email: string): Resource {
  return {
    email,
    self_link: linkOf(call, listId, email),
    ...(listId === null ? {} : { list_id: listId }),
  };
}

/** Whether something is banned: it stands there itself, or something that stands there matches it. */
async function isBanned({ connection }: Call, listId: string | null, email: string): Promise<boolean> {
  const bans = listId === null ? await bansOf(connection, null) : await bansFor(connection, listId);
  return bans.some((ban) => ban.email === email) || compileBans(bans)(addressKey(email));
}

/** @throws Mailman2InChargeError */
async function refuseMailman2s({ connection }: Call, listId: string | null): Promise<void> {
  const list = listId === null ? undefined : await findList(connection, listId);
  if (list) await refuseSettingsWhereMailman2InCharge(connection, list, ['ban_list']);
}

function routesAt(prefix: string, scope: FindScope): readonly Route[] {
  return [
    route(`${prefix}/bans`, {
      GET: operation({
        summary: 'Who may neither join nor post.',
        run: async (call) => {
          const listId = await scope(call);
          const page = pageIn(call.input);
          const emails = (await bansOf(call.connection, listId)).map(({ email }) => email).sort();
          const entries = slice(emails, page).map((email) => resource(call, listId, email));
          return okayAsIs(collection(page, emails.length, entries));
        },
      }),
      POST: operation({
        summary: 'Bans an address, or those that a regular expression matches.',
        parameters: {
          email: required(addressOrPattern, 'An address, or a regular expression that begins with ^.'),
        },
        run: async (call, read) => {
          const listId = await scope(call);
          const { email } = read();
          if (await isBanned(call, listId, email)) throw badRequest('Address is already banned');
          await refuseMailman2s(call, listId);
          await insertBans(call.connection, [{ listId, email }]);
          return created(linkOf(call, listId, email));
        },
      }),
    }),
    route(`${prefix}/bans/:email`, {
      GET: operation({
        summary: 'Whether somebody is banned.',
        run: async (call) => {
          const listId = await scope(call);
          const email = part(call, 'email');
          await refuseFree(call, listId, email);
          return okay(resource(call, listId, email));
        },
      }),
      DELETE: operation({
        summary: 'Ends a ban. One that a pattern or another scope makes stays.',
        run: async (call) => {
          const listId = await scope(call);
          const email = part(call, 'email');
          await refuseFree(call, listId, email);
          await refuseMailman2s(call, listId);
          const same = (await bansOf(call.connection, listId)).filter(
            (ban) => ban.email === email || addressKey(ban.email) === addressKey(email),
          );
          await deleteBans(
            call.connection,
            listId,
            same.map((ban) => ban.email),
          );
          return noContent;
        },
      }),
    }),
  ];
}

async function refuseFree(call: Call, listId: string | null, email: string): Promise<void> {
  if (!(await isBanned(call, listId, email))) throw notFound(`Email is not banned: ${email}`);
}

/** `/bans` and `/lists/{list}/bans` */
export const banRoutes: readonly Route[] = [
  ...routesAt('', async () => null),
  ...routesAt('/lists/:list', async (call) => (await parentList(call)).listId),
];

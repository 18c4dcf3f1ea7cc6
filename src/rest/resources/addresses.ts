import { findAddress, updateAddress } from '../../database/addresses.ts';
import { rosterEntriesOf } from '../../database/member-pages.ts';
import { addressPage } from '../../database/people-pages.ts';
import { findUser } from '../../database/users.ts';
import { membershipsOfSubscriber } from '../../membership/memberships.ts';
import { removeAddress } from '../../membership/remove-people.ts';
import { storeUser, unlinkAddress } from '../../membership/users.ts';
import type { Address } from '../../model/address.ts';
import { dashed } from '../../model/uuid.ts';
import { type Answer, created, noContent, okay, okayAsIs } from '../answer.ts';
import { bool, text } from '../converters.ts';
import { badRequest, conflict, forbidden, noSuchPath, notFound } from '../errors.ts';
import { parseId } from '../ids.ts';
import { part } from '../lookup.ts';
import { collection, pageIn, pageOf, slice } from '../paging.ts';
import { optional, required, type ValuesOf } from '../parameters.ts';
import { type Call, type Operation, operation, type Route, route } from '../route.ts';
import { addressResource } from '../shapes/address.ts';
import { memberResources } from '../shapes/member.ts';
import { userLink, userResource } from '../shapes/user.ts';
import { rosterParameters } from './rosters.ts';
import { userWishes } from './users.ts';

async function theAddress(call: Call): Promise<Address> {
  const address = await findAddress(call.connection, part(call, 'email'));
  if (!address) throw notFound();
  return address;
}

async function parentAddress(call: Call): Promise<Address> {
  const address = await findAddress(call.connection, part(call, 'email'));
  if (!address) throw noSuchPath();
  return address;
}

function verification(summary: string, verified: boolean): Operation {
  return operation({
    summary,
    run: async (call) => {
      const address = await parentAddress(call);
      const verifiedOn = verified ? (address.verifiedOn ?? call.step.clock.now()) : null;
      await updateAddress(call.connection, { ...address, verifiedOn });
      return noContent;
    },
  });
}

const link = {
  user_id: optional(text, 'The identifier of a user who exists.'),
  ...userWishes,
} as const;

/** The user that a request names; undefined where it names none. */
async function existingUser(call: Call, wanted: ValuesOf<typeof link>) {
  if (wanted.user_id === undefined) return undefined;
  const userId = parseId(call.version, wanted.user_id);
  const user = userId === undefined ? undefined : await findUser(call.connection, userId);
  return { user, shown: userId === undefined ? wanted.user_id : dashed(userId) };
}

async function linkToNew(call: Call, address: Address, wanted: ValuesOf<typeof link>): Promise<Answer> {
  const { clock, config } = call.step;
  const user = await storeUser(
    call.connection,
    {
      displayName: wanted.display_name ?? address.displayName,
      password: wanted.password,
      isServerOwner: wanted.is_server_owner,
    },
    clock.now(),
    config.passwords.password_length,
  );
  await updateAddress(call.connection, { ...address, userId: user.userId });
  return created(userLink(call, user.userId));
}

/** `/addresses/{email}/user` */
const ownerRoute = route('/addresses/:email/user', {
  GET: operation({
    summary: 'The user of an address.',
    run: async (call) => {
      const { userId } = await parentAddress(call);
      const user = userId === null ? undefined : await findUser(call.connection, userId);
      if (!user) throw notFound();
      return okay(userResource(call, user));
    },
  }),
  DELETE: operation({
    summary: 'Takes an address away from its user.',
    run: async (call) => {
      const address = await parentAddress(call);
      if (address.userId === null) throw notFound();
      await unlinkAddress(call.connection, address);
      return noContent;
    },
  }),
  POST: operation({
    summary: 'Gives an address to a user, who may be a new one.',
    parameters: { ...link, auto_create: optional(bool, 'Whether a user is made; default true.') },
    run: async (call, read) => {
      const address = await parentAddress(call);
      if (address.userId !== null) throw conflict('409 Conflict');
      const wanted = read();
      const named = await existingUser(call, wanted);
      if (named) {
        if (!named.user) throw badRequest(`No user with ID ${wanted.user_id}`);
        await updateAddress(call.connection, { ...address, userId: named.user.userId });
        return okayAsIs();
      }
      if (wanted.auto_create === false) throw forbidden();
      return linkToNew(call, address, wanted);
    },
  }),
  PUT: operation({
    summary: 'Gives an address to another user, who may be a new one.',
    parameters: { ...link, email: optional(text, 'Not looked at.') },
    run: async (call, read) => {
      const address = await parentAddress(call);
      const wanted = read();
      const named = await existingUser(call, wanted);
      if (named && !named.user) throw notFound(`No user with ID ${named.shown}`);
      if (!named?.user) return linkToNew(call, address, wanted);
      await updateAddress(call.connection, { ...address, userId: named.user.userId });
      return okayAsIs();
    },
  }),
});

/** `/addresses` */
export const addressRoutes: readonly Route[] = [
  route('/addresses', {
    GET: operation({
      summary: 'All addresses.',
      run: async (call) => {
        const page = pageIn(call.input);
        const { total, rows } = await addressPage(call.connection, page);
        const entries = rows.map((address) => addressResource(call, address));
        return okayAsIs(collection(page, total, entries));
      },
    }),
  }),
  route('/addresses/:email', {
    GET: operation({
      summary: 'An address.',
      run: async (call) => okay(addressResource(call, await theAddress(call))),
    }),
    PATCH: operation({
      summary: 'Changes the name that stands beside an address.',
      parameters: { display_name: required(text, 'The name.') },
      run: async (call, read) => {
        const address = await theAddress(call);
        await updateAddress(call.connection, { ...address, displayName: read().display_name });
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Removes an address with its memberships.',
      run: async (call) => {
        await removeAddress(call.connection, (await theAddress(call)).addressId);
        return noContent;
      },
    }),
  }),
  route(
    '/addresses/:email/verify',
    { POST: verification('Notes that an address belongs to its owner.', true) },
    { refusesBelow: true },
  ),
  route(
    '/addresses/:email/unverify',
    { POST: verification('Notes that nobody has verified an address.', false) },
    { refusesBelow: true },
  ),
  route('/addresses/:email/memberships', {
    GET: operation({
      summary: 'The memberships of an address.',
      parameters: rosterParameters,
      run: async (call, read) => {
        const { email } = await parentAddress(call);
        const { fields, ...rest } = read();
        const page = pageOf(rest);
        const memberships = await membershipsOfSubscriber(call.connection, { email });
        const shown = slice(memberships, page).map(({ memberId }) => memberId);
        const entries = await rosterEntriesOf(call.connection, shown);
        return okayAsIs(collection(page, memberships.length, memberResources(call, entries, fields)));
      },
    }),
  }),
  ownerRoute,
];

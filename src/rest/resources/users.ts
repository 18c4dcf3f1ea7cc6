import { findAddress, preferredAddress, setPreferredAddress } from '../../database/addresses.ts';
import { addressPage, type UserSearch, userPage } from '../../database/people-pages.ts';
import { updateUser } from '../../database/users.ts';
import { setAccountPassword } from '../../membership/account-password.ts';
import { verifyPassword } from '../../membership/passwords.ts';
import { changePreferredAddress } from '../../membership/preferred-address.ts';
import { removeUser } from '../../membership/remove-people.ts';
import { addAddress, createUser, UserError } from '../../membership/users.ts';
import { formatMailbox } from '../../model/email-address.ts';
import type { User } from '../../model/user.ts';
import { type Answer, created, noContent, okay, okayAsIs } from '../answer.ts';
import { anything, bool, email, text } from '../converters.ts';
import { badRequest, forbidden, noSuchPath, notFound, RestError } from '../errors.ts';
import { collection, type Page, pageIn, pageOf, pageParameters } from '../paging.ts';
import {
  allOptional,
  optional,
  readChanges,
  readParameters,
  required,
  type ValuesOf,
} from '../parameters.ts';
import { type Call, operation, type Route, route } from '../route.ts';
import { addressLink, addressResource } from '../shapes/address.ts';
import { userLink, userResource } from '../shapes/user.ts';
import { findUserNamed } from '../user-lookup.ts';

async function users(call: Call, search: UserSearch, page: Page): Promise<Answer> {
  const { total, rows } = await userPage(call.connection, search, page);
  const entries = rows.map((user) => userResource(call, user));
  return okayAsIs(collection(page, total, entries));
}

async function theUser(call: Call): Promise<User> {
  const user = await findUserNamed(call);
  if (!user) throw notFound();
  return user;
}

async function parentUser(call: Call): Promise<User> {
  const user = await findUserNamed(call);
  if (!user) throw noSuchPath();
  return user;
}

/** What a user starts with. */
export const userWishes = {
  display_name: optional(text, 'The name of the person.'),
  password: optional(text, 'A password in clear; without one nobody knows it.'),
  is_server_owner: optional(bool, 'Whether the user may do everything.'),
} as const;

const newUserParameters = { email: required(text, 'An address.'), ...userWishes } as const;

/** Every problem is the address, for Mailman. */
function readNewUser(call: Call): ValuesOf<typeof newUserParameters> {
  try {
    return readParameters(newUserParameters, call.input, call.step.config);
  } catch (error) {
    throw error instanceof RestError ? badRequest(`Invalid email address ${error.message}`) : error;
  }
}

const changes = {
  display_name: required(text, 'The name of the person.'),
  cleartext_password: required(text, 'A new password.'),
  is_server_owner: required(bool, 'Whether the user may do everything.'),
} as const;

async function change(
  { connection }: Call,
  user: User,
  wanted: Partial<ValuesOf<typeof changes>>,
): Promise<Answer> {
  const { display_name, cleartext_password, is_server_owner } = wanted;
  const changed = {
    ...user,
    ...(display_name === undefined ? {} : { displayName: display_name }),
    ...(is_server_owner === undefined ? {} : { isServerOwner: is_server_owner }),
  };
  if (cleartext_password === undefined) await updateUser(connection, changed);
  else await setAccountPassword(connection, changed, cleartext_password);
  return noContent;
}

const account: readonly Route[] = [
  route('/users/:user', {
    GET: operation({
      summary: 'A user.',
      run: async (call) => okay(userResource(call, await theUser(call))),
    }),
    PATCH: operation({
      summary: 'Changes a user.',
      parameters: allOptional(changes),
      run: async (call) => {
        const user = await theUser(call);
        return change(call, user, readChanges(changes, call.input, call.step.config));
      },
    }),
    PUT: operation({
      summary: 'Sets all that can be changed of a user.',
      parameters: changes,
      run: async (call, read) => change(call, await theUser(call), read()),
    }),
    DELETE: operation({
      summary: 'Removes a user with all addresses and memberships.',
      run: async (call) => {
        await removeUser(call.connection, (await theUser(call)).userId);
        return noContent;
      },
    }),
  }),
  route('/users/:user/login', {
    POST: operation({
      summary: 'Checks a password.',
      parameters: { cleartext_password: required(text, 'The password to check.') },
      run: async (call, read) => {
        const { password } = await parentUser(call);
        if (!(await verifyPassword(password, read().cleartext_password))) throw forbidden();
        return noContent;
      },
    }),
  }),
];

const addresses: readonly Route[] = [
  route('/users/:user/addresses', {
    GET: operation({
      summary: 'The addresses of a user.',
      run: async (call) => {
        const { userId } = await parentUser(call);
        const page = pageIn(call.input);
        const { total, rows } = await addressPage(call.connection, page, userId);
        const entries = rows.map((address) => addressResource(call, address));
        return okayAsIs(collection(page, total, entries));
      },
    }),
    POST: operation({
      summary: 'Adds an address to a user.',
      parameters: {
        email: required(text, 'The address.'),
        display_name: optional(text, 'The name that stands beside it.'),
        absorb_existing: optional(
          anything,
          'Whether an address of another user brings that user along; any text but the empty one means yes.',
        ),
      },
      run: async (call, read) => {
        const user = await parentUser(call);
        const wanted = read();
        try {
          const address = await addAddress(call.connection, user, wanted.email, {
            displayName: wanted.display_name,
            absorb: Boolean(wanted.absorb_existing),
            now: call.step.clock.now(),
          });
          return created(addressLink(call, address.email));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          throw badRequest(
            error.problem === 'linked' ? 'Address belongs to other user' : 'Invalid email address',
          );
        }
      },
    }),
  }),
  route('/users/:user/preferred_address', {
    GET: operation({
      summary: 'The address that a user prefers.',
      run: async (call) => {
        const { userId } = await parentUser(call);
        const address = await preferredAddress(call.connection, userId);
        if (!address) throw notFound();
        return okay(addressResource(call, address));
      },
    }),
    POST: operation({
      summary: 'Chooses the address that a user prefers.',
      parameters: { email: required(email, 'A verified address of the user.') },
      run: async (call, read) => {
        const { userId } = await parentUser(call);
        const wanted = read().email;
        const address = await findAddress(call.connection, wanted);
        if (!address) throw badRequest(`Address does not exist: ${wanted}`);
        const shown = formatMailbox({ address: address.originalEmail, displayName: address.displayName });
        if (address.userId !== null && address.userId !== userId) throw badRequest(shown);
        if (address.verifiedOn === null)
          throw badRequest(`${shown} must be verified before setting as primary`);
        if (address.userId === null) throw badRequest(shown);
        await changePreferredAddress(call.connection, userId, address);
        return created(addressLink(call, address.email));
      },
    }),
    DELETE: operation({
      summary: 'Leaves a user without a preferred address.',
      run: async (call) => {
        const { userId } = await parentUser(call);
        if (!(await preferredAddress(call.connection, userId))) throw notFound();
        await setPreferredAddress(call.connection, userId, null);
        return noContent;
      },
    }),
  }),
];

/** `/users` and `/owners` */
export const userRoutes: readonly Route[] = [
  route('/users', {
    GET: operation({
      summary: 'All users.',
      run: async (call) => users(call, {}, pageIn(call.input)),
    }),
    POST: operation({
      summary: 'Makes a user.',
      parameters: newUserParameters,
      run: async (call) => {
        const wanted = readNewUser(call);
        const { clock, config } = call.step;
        try {
          const user = await createUser(
            call.connection,
            wanted.email,
            {
              displayName: wanted.display_name,
              password: wanted.password,
              isServerOwner: wanted.is_server_owner,
            },
            clock.now(),
            config.passwords.password_length,
          );
          return created(userLink(call, user.userId));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          throw badRequest(
            error.problem === 'exists' ? error.message : `Invalid email address ${wanted.email}`,
          );
        }
      },
    }),
  }),
  route('/users/find', {
    GET: operation({
      summary: 'The users whose name, address or name of an address contains a text.',
      parameters: { q: required(text, 'The text, in any case.'), ...pageParameters },
      run: async (call, read) => {
        const wanted = read();
        return users(call, { text: wanted.q }, pageOf(wanted));
      },
    }),
  }),
  ...account,
  ...addresses,
  route(
    '/owners',
    {
      GET: operation({
        summary: 'The users who may do everything.',
        run: async (call) => users(call, { isServerOwner: true }, pageIn(call.input)),
      }),
    },
    { refusesBelow: true },
  ),
];

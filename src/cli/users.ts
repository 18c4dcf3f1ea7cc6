import { everybody, type Person } from '../database/everybody.ts';
import type { Connection } from '../database/handle.ts';
import { UsageError } from '../errors.ts';
import { removeUser } from '../membership/remove-people.ts';
import { addressKey } from '../model/email-address.ts';
import { dashed } from '../model/uuid.ts';
import type { CliCommand } from './command.ts';
import { jsonLine } from './printable.ts';

interface Options {
  readonly delete?: boolean;
  readonly subscriptions: boolean;
}

/** `mailman users` */
export const users: CliCommand = {
  define: (command, context) => {
    command
      .description('Show the users, a line of JSON for each, by when they were made (docs/formats.md).')
      .argument('[USERS...]', 'Addresses or identifiers; all users where none is named.')
      .option('--no-subscriptions', 'Only users who are on no list, in any role.')
      .option(
        '--delete',
        'Remove those who are shown, with their addresses and memberships. Who owns the server or a domain stays, ' +
          'unless named.',
      )
      .action(async (named: readonly string[], options: Options) => {
        if (options.delete && named.length === 0 && options.subscriptions)
          throw new UsageError('--delete needs USERS or --no-subscriptions: it would remove everybody.');
        const work = async (connection: Connection): Promise<Person[]> => {
          const chosen = choose(await everybody(connection), named)
            .filter(({ memberships }) => options.subscriptions || memberships === 0)
            .filter((person) => !options.delete || named.length > 0 || !isOwner(person));
          if (options.delete) for (const { user } of chosen) await removeUser(connection, user.userId);
          return chosen;
        };
        const chosen = options.delete
          ? await context.transaction(work)
          : await context.withDatabase(({ connection }) => work(connection));
        for (const person of chosen) context.print(jsonLine(toJson(person)));
      });
  },
};

/** @throws UsageError where there is no such user */
function choose(people: readonly Person[], named: readonly string[]): readonly Person[] {
  if (named.length === 0) return people;
  const byName = new Map(
    people.flatMap((person) =>
      [person.user.userId, ...person.addresses.map(({ email }) => email)].map((name): [string, Person] => [
        name,
        person,
      ]),
    ),
  );
  const found = named.map((name) => {
    const person = byName.get(name.includes('@') ? addressKey(name) : name.replaceAll('-', '').toLowerCase());
    if (!person) throw new UsageError(`No such user: ${name}`);
    return person;
  });
  return people.filter((person) => found.includes(person));
}

function isOwner({ user, ownsDomains }: Person): boolean {
  return user.isServerOwner || ownsDomains.length > 0;
}

function toJson({ user, addresses, memberships, ownsDomains }: Person) {
  return {
    uuid: dashed(user.userId),
    user_id: user.userId,
    display_name: user.displayName,
    is_server_owner: user.isServerOwner,
    created_on: user.createdOn,
    addresses: addresses.map((address) => ({
      email: address.originalEmail,
      display_name: address.displayName,
      verified_on: address.verifiedOn,
      is_preferred: address.isPreferred,
    })),
    memberships,
    owner_of_domains: ownsDomains,
  };
}

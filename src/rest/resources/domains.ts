import { allDomains, deleteDomainOwners, domainOwners } from '../../database/domains.ts';
import { findUsers } from '../../database/users.ts';
import {
  addDomainOwners,
  changeDomain,
  createDomain,
  DomainError,
  removeDomain,
} from '../../lists/domains.ts';
import { removeListFolder } from '../../lists/remove.ts';
import { created, noContent, okay, okayAsIs } from '../answer.ts';
import { text, texts } from '../converters.ts';
import { badRequest } from '../errors.ts';
import { parentDomain, theDomain } from '../lookup.ts';
import { refreshMapsAfter } from '../maps.ts';
import { collection, pageIn, slice } from '../paging.ts';
import { allOptional, optional, required } from '../parameters.ts';
import { operation, type Route, route } from '../route.ts';
import { domainResource } from '../shapes/domain.ts';
import { userResource } from '../shapes/user.ts';
import { listCollection } from './lists.ts';

const description = 'What the domain is for.';
const aliasDomain = "The domain to which Postfix's virtual aliases rewrite; empty for none.";
const owner = 'Addresses of owners; who is unknown becomes a user.';

const changes = {
  alias_domain: required(text, aliasDomain),
  description: required(text, description),
  owner: required(texts, owner),
} as const;

/** Words what a domain cannot be as Mailman does, where it does. */
async function orRefuse<T>(work: Promise<T>, mailHost: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw badRequest(error.problem === 'exists' ? `Duplicate email host: ${mailHost}` : error.message);
  }
}

/** `/domains` */
export const domainRoutes: readonly Route[] = [
  route('/domains', {
    GET: operation({
      summary: 'All domains.',
      run: async (call) => {
        const page = pageIn(call.input);
        const domains = await allDomains(call.connection);
        const entries = slice(domains, page).map((domain) => domainResource(call, domain));
        return okayAsIs(collection(page, domains.length, entries));
      },
    }),
    POST: operation({
      summary: 'Makes a domain.',
      parameters: {
        mail_host: required(text, 'The name of the domain.'),
        description: optional(text, description),
        alias_domain: optional(text, aliasDomain),
        owner: optional(texts, owner),
      },
      run: async ({ connection, step, link }, read) => {
        const { mail_host, ...wanted } = read();
        const domain = await orRefuse(
          createDomain(connection, {
            mailHost: mail_host,
            description: wanted.description ?? null,
            aliasDomain: wanted.alias_domain ?? null,
          }),
          mail_host,
        );
        await orRefuse(addDomainOwners(connection, domain, wanted.owner ?? [], step.clock.now()), mail_host);
        return created(link(`/domains/${domain.mailHost}`));
      },
    }),
  }),
  route('/domains/:domain', {
    GET: operation({
      summary: 'A domain.',
      run: async (call) => okay(domainResource(call, await theDomain(call))),
    }),
    DELETE: operation({
      summary: 'Removes a domain with all its lists.',
      run: async (call) => {
        const lists = await removeDomain(call.connection, await theDomain(call));
        const { list_data_dir } = call.step.config.paths;
        call.afterwards(() => {
          for (const list of lists) removeListFolder(list, list_data_dir);
        });
        refreshMapsAfter(call);
        return noContent;
      },
    }),
    PATCH: operation({
      summary: 'Changes a domain; owners are added.',
      parameters: allOptional(changes),
      run: async (call, read) => {
        const domain = await theDomain(call);
        const wanted = read();
        await orRefuse(
          changeDomain(call.connection, domain, {
            ...(wanted.description === undefined ? {} : { description: wanted.description }),
            ...(wanted.alias_domain === undefined ? {} : { aliasDomain: wanted.alias_domain }),
          }),
          domain.mailHost,
        );
        const now = call.step.clock.now();
        await orRefuse(addDomainOwners(call.connection, domain, wanted.owner ?? [], now), domain.mailHost);
        if (wanted.alias_domain !== undefined) refreshMapsAfter(call);
        return noContent;
      },
    }),
    PUT: operation({
      summary: 'Sets all of a domain but its name; owners are added.',
      parameters: changes,
      run: async (call, read) => {
        const domain = await theDomain(call);
        const wanted = read();
        await orRefuse(
          changeDomain(call.connection, domain, {
            description: wanted.description,
            aliasDomain: wanted.alias_domain,
          }),
          domain.mailHost,
        );
        const now = call.step.clock.now();
        await orRefuse(addDomainOwners(call.connection, domain, wanted.owner, now), domain.mailHost);
        refreshMapsAfter(call);
        return noContent;
      },
    }),
  }),
  route('/domains/:domain/owners', {
    GET: operation({
      summary: 'The owners of a domain.',
      run: async (call) => {
        const { mailHost } = await parentDomain(call);
        const page = pageIn(call.input);
        const users = await findUsers(call.connection, await domainOwners(call.connection, mailHost));
        users.sort((one, other) => (one.userId < other.userId ? -1 : 1));
        const entries = slice(users, page).map((user) => userResource(call, user));
        return okayAsIs(collection(page, users.length, entries));
      },
    }),
    POST: operation({
      summary: 'Adds owners.',
      parameters: { owner: required(texts, owner) },
      run: async (call, read) => {
        const domain = await parentDomain(call);
        const now = call.step.clock.now();
        await orRefuse(addDomainOwners(call.connection, domain, read().owner, now), domain.mailHost);
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Removes all owners.',
      parameters: {},
      run: async (call, read) => {
        const { mailHost } = await parentDomain(call);
        read();
        await deleteDomainOwners(call.connection, mailHost);
        return noContent;
      },
    }),
  }),
  route(
    '/domains/:domain/lists',
    {
      GET: operation({
        summary: 'The lists of a domain.',
        run: async (call) => listCollection(call, { mailHost: (await parentDomain(call)).mailHost }),
      }),
    },
    { refusesBelow: true },
  ),
];

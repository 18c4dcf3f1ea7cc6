import { allDomains, findDomain, updateDomain } from '../database/domains.ts';
import type { Connection } from '../database/handle.ts';
import { UsageError } from '../errors.ts';
import type { Domain } from '../model/domain.ts';
import { domainKey, isValidDomain } from '../model/email-address.ts';
import type { CliCommand } from './command.ts';
import { refreshMaps } from './refresh-maps.ts';

interface Options {
  readonly aliasDomain?: string;
  readonly json?: boolean;
}

/** `mailman domains`, which Mailman does not have: there an alias domain can only be set over REST. */
export const domains: CliCommand = {
  define: (command, context) => {
    command
      .description('List the domains, or set the alias domain of one.')
      .argument('[DOMAIN]', 'Only this domain.')
      .option('--alias-domain <ALIAS>', "For Postfix's virtual alias domains; '' for none.")
      .option('--json', 'Show them as JSON.')
      .action(async (mailHost: string | undefined, { aliasDomain, json }: Options) => {
        const found = await context.withDatabase(async (database) => {
          if (aliasDomain !== undefined) {
            await database.transaction((connection) => setAlias(connection, mailHost, aliasDomain));
            await refreshMaps(context, database);
          }
          return chosen(database.connection, mailHost);
        });
        if (json) context.printJson(found.map(toJson));
        else if (aliasDomain === undefined) for (const domain of found) context.print(format(domain));
      });
  },
};

async function setAlias(connection: Connection, mailHost: string | undefined, alias: string): Promise<void> {
  if (mailHost === undefined) throw new UsageError('--alias-domain: for which domain?');
  await known(connection, mailHost);
  const key = domainKey(alias);
  if (key !== '' && !isValidDomain(key)) throw new UsageError(`Illegal domain name: ${alias}`);
  const others = (await allDomains(connection)).filter((domain) => domain.mailHost !== domainKey(mailHost));
  if (key !== '' && [...others.flatMap(namesOf), domainKey(mailHost)].includes(key)) {
    throw new UsageError(`The domain ${key} is in use already; an alias domain is a name of its own`);
  }
  await updateDomain(connection, mailHost, { aliasDomain: key === '' ? null : key });
}

async function chosen(connection: Connection, mailHost: string | undefined): Promise<Domain[]> {
  return mailHost === undefined ? allDomains(connection) : [await known(connection, mailHost)];
}

async function known(connection: Connection, mailHost: string): Promise<Domain> {
  const domain = await findDomain(connection, mailHost);
  if (!domain) throw new UsageError(`No such domain: ${mailHost}`);
  return domain;
}

function namesOf({ mailHost, aliasDomain }: Domain): string[] {
  return aliasDomain ? [mailHost, aliasDomain] : [mailHost];
}

function format({ mailHost, aliasDomain, description }: Domain): string {
  const alias = aliasDomain ? ` (alias domain ${aliasDomain})` : '';
  return `${mailHost}${alias}${description ? ` - ${description}` : ''}`;
}

function toJson({ mailHost, aliasDomain, description }: Domain) {
  return { mail_host: mailHost, alias_domain: aliasDomain, description };
}

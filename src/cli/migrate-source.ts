import type { Command } from 'commander';
import { openSite, type Site } from '../../migrate/site/site.ts';
import type { DomainOf } from '../../migrate/site/source-list.ts';
import { UsageError } from '../errors.ts';
import { isValidDomain } from '../model/email-address.ts';
import { collect } from './collect.ts';

/** What all commands that read a Mailman 2.1 site are told. */
export interface SourceOptions {
  readonly list?: readonly string[];
  readonly domainOf?: readonly string[];
  readonly mmCfg?: string;
  readonly json?: boolean;
}

/** Adds the argument and the options for it. */
export function takeSource(command: Command): Command {
  return command
    .argument('<PATH>', "Mailman 2.1's var directory: the folder with lists, data and qfiles in it.")
    .option('-l, --list <NAME>', 'Only this list; may be given several times.', collect)
    .option(
      '--domain-of <LIST=DOMAIN>',
      'The domain that a list goes to, where that is not its host_name; may be given several times.',
      collect,
    )
    .option('--mm-cfg <FILE>', 'The settings of the site, where they are not found beside it.')
    .option('--json', 'Report as JSON.');
}

/** The site, and the lists that are meant. @throws NoSiteError, UsageError */
export function openSource(
  path: string,
  options: SourceOptions,
): { readonly site: Site; readonly lists: readonly string[]; readonly domainOf: DomainOf } {
  const site = openSite(path, options.mmCfg);
  const missing = (options.list ?? []).filter((name) => !site.listNames.includes(name));
  if (missing.length > 0) throw new UsageError(`No such list in ${path}: ${missing.join(', ')}`);
  return { site, lists: options.list ?? site.listNames, domainOf: domains(site, options.domainOf ?? []) };
}

function domains(site: Site, given: readonly string[]): DomainOf {
  return new Map(
    given.map((pair) => {
      const [name = '', domain] = pair.split('=');
      if (domain === undefined) throw new UsageError(`--domain-of: found '${pair}', expected LIST=DOMAIN`);
      if (!site.listNames.includes(name)) throw new UsageError(`--domain-of: no such list: ${name}`);
      if (!isValidDomain(domain)) throw new UsageError(`--domain-of: not a domain: ${domain}`);
      return [name, domain];
    }),
  );
}

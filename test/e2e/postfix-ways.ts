import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NOBODY, PEOPLE } from '../peers/mail-server.ts';
import { documentBlock } from '../support/operators-document.ts';
import type { Site, SitePlan } from './site.ts';

export type Configure = SitePlan['configure'];

/** A way to bring lists and Postfix together, as docs/mta.md has it. */
export interface Way {
  readonly name: string;
  readonly configure: Configure;
  /** What is to be done once the lists are there. */
  readonly prepare?: (site: Site) => void;
  /** The type of tables, where Postfix may be without it. */
  readonly tables?: string;
  /** What else may be missing. */
  readonly missing?: () => string | undefined;
}

const OTHER_TABLES = 'Other types of tables';
const ALIAS_DOMAIN = 'Lists in a virtual alias domain';

export const relayDomain: Way = {
  name: 'relay domain',
  configure: documented('Lists in a domain of their own', 'main.cf, relay domain'),
};

const aliasDomain: Way = {
  name: 'virtual alias domain',
  configure: documented(ALIAS_DOMAIN, 'main.cf, virtual alias domain'),
  prepare: (site) => site.mailman(...shellWords(ALIAS_DOMAIN)),
};

const amongMailboxes: Configure = (surroundings, writeFile) => {
  const configure = documented('Lists among virtual mailboxes', 'main.cf, virtual mailbox domain');
  const { mailmanCfg, configuration } = configure(surroundings, writeFile);
  const added = configuration.replace(/^virtual_mailbox_domains = /m, (setting) => `${setting}${PEOPLE} `);
  return { mailmanCfg, configuration: added };
};

export const ways: readonly Way[] = [
  relayDomain,
  {
    name: 'local domain',
    configure: documented('Lists beside the accounts of the machine', 'main.cf, local domain'),
  },
  aliasDomain,
  { ...aliasDomain, name: 'virtual mailbox domain', configure: amongMailboxes },
  {
    name: 'relay domain with expressions',
    configure: withTables(
      documented(OTHER_TABLES, 'main.cf, tables of expressions'),
      'postfix-mailman.cfg, tables of expressions',
    ),
  },
  {
    ...aliasDomain,
    name: 'virtual alias domain with expressions',
    configure: withTables((surroundings, writeFile) => {
      const { mailmanCfg, configuration } = aliasDomain.configure(surroundings, writeFile);
      return { mailmanCfg, configuration: configuration.replaceAll('hash:', 'regexp:') };
    }, 'postfix-mailman.cfg, tables of expressions'),
  },
  {
    name: 'relay domain with lmdb',
    configure: withTables(documented(OTHER_TABLES, 'main.cf, lmdb'), 'postfix-mailman.cfg, lmdb'),
    tables: 'lmdb',
  },
  { name: 'recipients that Postfix asks about', configure: asking },
  { name: 'aliases that start a program', configure: piping, missing: unreachableProgram },
];

/** What the page says for Postfix always, and in one of its sections. */
function documented(heading: string, title: string): Configure {
  return ({ data, lmtpPort, smtpPort }) => ({
    mailmanCfg: documentBlock('mta.md', 'Postfix', 'mailman.cfg', {
      'lmtp_port: 8024': `lmtp_port: ${lmtpPort}`,
      'smtp_port: 25': `smtp_port: ${smtpPort}`,
    }),
    configuration:
      documentBlock('mta.md', 'Postfix', 'main.cf, always') +
      documentBlock('mta.md', heading, title, { '/var/lib/mailman/data': data }).replaceAll(
        ':8024',
        `:${lmtpPort}`,
      ),
  });
}

/** With the file that says which type of tables is meant. */
function withTables(configure: Configure, title: string): Configure {
  return (surroundings, writeFile) => {
    const { mailmanCfg, configuration } = configure(surroundings, writeFile);
    const file = writeFile('postfix-mailman.cfg', documentBlock('mta.md', OTHER_TABLES, title));
    const changed = documentBlock('mta.md', OTHER_TABLES, 'mailman.cfg, tables of expressions', {
      '/etc/postfix-mailman.cfg': file,
    });
    const line = /^configuration:.*$/m;
    return { mailmanCfg: mailmanCfg.replace(line, () => line.exec(changed)?.[0] ?? ''), configuration };
  };
}

function asking({ lmtpPort, smtpPort }: Parameters<Configure>[0]): ReturnType<Configure> {
  const heading = 'Asking instead of looking';
  return {
    mailmanCfg: `[mta]\nincoming: mailman.mta.null.NullMTA\nlmtp_port: ${lmtpPort}\nsmtp_port: ${smtpPort}\n`,
    configuration:
      documentBlock('mta.md', 'Postfix', 'main.cf, always') +
      documentBlock('mta.md', heading, 'main.cf, verification', { '8024': String(lmtpPort) }) +
      // The answer is there at once, but Postfix looks for it only then.
      'address_verify_poll_delay = 1s\n',
  };
}

const PIPE = fileURLToPath(new URL('../../bin/lmtp-pipe', import.meta.url));

function piping(
  { lmtpPort, smtpPort }: Parameters<Configure>[0],
  writeFile: Parameters<Configure>[1],
): ReturnType<Configure> {
  const file = writeFile(
    'aliases',
    documentBlock('mta.md', 'A program for each address', '/etc/aliases', {
      '/opt/ferryman/bin/lmtp-pipe': `${PIPE} -p ${lmtpPort}`,
    }),
  );
  spawnSync('/usr/sbin/postalias', [`hash:${file}`]);
  return {
    mailmanCfg: `[mta]\nincoming: mailman.mta.null.NullMTA\nlmtp_port: ${lmtpPort}\nsmtp_port: ${smtpPort}\n`,
    configuration: `${documentBlock('mta.md', 'Postfix', 'main.cf, always')}mydestination = lists.example.com
alias_maps = hash:${file}
local_recipient_maps = $alias_maps
`,
  };
}

/** Postfix starts it as nobody. */
function unreachableProgram(): string | undefined {
  const { error, status } = spawnSync(PIPE, [], { uid: NOBODY, gid: NOBODY, input: '' });
  // It asks for whom.
  return error || status !== 75 ? `${PIPE} cannot be run by everybody` : undefined;
}

/** The arguments of the command that a section tells to run. */
function shellWords(heading: string): string[] {
  const [, command = ''] = documentBlock('mta.md', heading, 'shell').split('\n');
  return command.split(' ').slice(1);
}

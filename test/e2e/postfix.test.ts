import { afterAll, beforeAll, describe, test } from 'vitest';
import { startPostfix } from '../peers/postfix.ts';
import { documentBlock } from '../support/operators-document.ts';
import {
  joinByMail,
  type ListPeople,
  leaveByMail,
  postToAll,
  prepareList,
  refusesUnknown,
} from './list-life.ts';
import { Site, type SitePlan } from './site.ts';

const LIST = 'ant@lists.example.com';
const DATA = '/var/lib/mailman/data';

type Configure = SitePlan['configure'];

/** The documentation's configuration for Postfix. */
function configuration(heading: string, title: string): Configure {
  return ({ data, lmtpPort, smtpPort }) => ({
    mailmanCfg: documentBlock('mta.md', 'Postfix', 'mailman.cfg', {
      'lmtp_port: 8024': `lmtp_port: ${lmtpPort}`,
      'smtp_port: 25': `smtp_port: ${smtpPort}`,
    }),
    configuration:
      documentBlock('mta.md', 'Postfix', 'main.cf, always') +
      documentBlock('mta.md', heading, title, { [DATA]: data }),
  });
}

/** With a file that says which type of tables is meant. */
function withTables(configure: Configure, title: string): Configure {
  return (surroundings, writeFile) => {
    const made = configure(surroundings, writeFile);
    const heading = 'Other types of tables';
    const file = writeFile(
      'postfix-mailman.cfg',
      documentBlock('mta.md', heading, `postfix-mailman.cfg, ${title}`),
    );
    const line =
      documentBlock('mta.md', heading, 'mailman.cfg, tables of expressions', {
        '/etc/postfix-mailman.cfg': file,
      }).split('\n')[2] ?? '';
    return {
      ...made,
      mailmanCfg: made.mailmanCfg.replace('configuration: python:mailman.config.postfix', line),
    };
  };
}

const relay = configuration('Lists in a domain of their own', 'main.cf, relay domain');
const local = configuration('Lists beside the accounts of the machine', 'main.cf, local domain');
const alias = configuration('Lists in a virtual alias domain', 'main.cf, virtual alias domain');

/** The shell command of the documentation. */
function setAliasDomain(site: Site): void {
  const block = documentBlock('mta.md', 'Lists in a virtual alias domain', 'shell');
  const words = block.trim().split('\n')[1]?.split(' ').slice(1) ?? [];
  site.mailman(...words);
}

interface Way {
  readonly name: string;
  readonly configure: Configure;
  readonly prepare?: (site: Site) => void;
}

const ways: readonly Way[] = [
  { name: 'relay domain', configure: relay },
  { name: 'local domain', configure: local },
  { name: 'virtual alias domain', configure: alias, prepare: setAliasDomain },
  {
    name: 'virtual alias domain with expressions',
    configure: withTables((surroundings, writeFile) => {
      const made = alias(surroundings, writeFile);
      return { ...made, configuration: made.configuration.replaceAll('hash:', 'regexp:') };
    }, 'tables of expressions'),
    prepare: setAliasDomain,
  },
  {
    name: 'relay domain with expressions',
    configure: withTables(
      configuration('Other types of tables', 'main.cf, tables of expressions'),
      'tables of expressions',
    ),
  },
];

describe.each(ways)('$name', ({ configure, prepare }) => {
  let site: Site;
  let people: ListPeople;

  beforeAll(async () => {
    site = await Site.start({
      startMailServer: startPostfix,
      configure,
      people: { anne: 'Anne Person', bart: '', cris: '', owen: '' },
      prepare: async (made) => {
        prepareList(made, LIST, ['bart', 'cris']);
        prepare?.(made);
      },
    });
    people = {
      list: LIST,
      newcomer: site.person('anne'),
      members: [site.person('bart'), site.person('cris')],
    };
  });

  afterAll(() => site?.stop());

  test('somebody joins by mail', () => joinByMail(site, people));

  test('a post lies in every mailbox, byte for byte and once', () =>
    postToAll(site, people, 'the first post'));

  test('a list that does not exist is refused', () => refusesUnknown(people));

  test('somebody leaves by mail, and gets no more', () => leaveByMail(site, people));
});

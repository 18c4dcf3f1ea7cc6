import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EximConfiguration, startExim, unpackExim } from '../peers/exim.ts';
import { documentBlock } from '../support/operators-document.ts';
import { describeWhere } from '../support/where-available.ts';
import {
  joinByMail,
  type ListPeople,
  leaveByMail,
  postToAll,
  postWithVerp,
  prepareList,
  refusesUnknown,
} from './list-life.ts';
import { Site, type Surroundings } from './site.ts';

const LIST = 'ant@lists.example.com';
const FOLDERS = 'By the folders of the lists';
const CALLOUT = 'By asking';
const MACROS = '/etc/exim4/conf.d/main/25_mm3_macros';
const ROUTER = '/etc/exim4/conf.d/router/455_mm3_router';

interface Way {
  readonly name: string;
  readonly parts: (surroundings: Surroundings) => EximConfiguration;
}

/** The transport is the same in both ways. */
const transport = () => documentBlock('mta.md', FOLDERS, '/etc/exim4/conf.d/transport/55_mm3_transport');

/** What Debian's Exim takes for its own. */
const domains = (): string =>
  /^dc_other_hostnames='(.*)'$/m.exec(
    documentBlock('mta.md', 'Exim', '/etc/exim4/update-exim4.conf.conf'),
  )?.[1] ?? '';

const ways: readonly Way[] = [
  {
    name: 'by the folders of the lists',
    parts: ({ lmtpPort, folder }) => ({
      domains: domains(),
      main: documentBlock('mta.md', FOLDERS, MACROS, {
        '8024': String(lmtpPort),
        '/var/lib/mailman': folder,
      }),
      acl: '',
      router: documentBlock('mta.md', FOLDERS, ROUTER),
      transport: transport(),
    }),
  },
  {
    name: 'by asking',
    parts: ({ lmtpPort }) => ({
      domains: domains(),
      main: documentBlock('mta.md', CALLOUT, `${MACROS}, callout`, { '8024': String(lmtpPort) }),
      acl: documentBlock('mta.md', CALLOUT, 'acl_check_rcpt, callout'),
      router: documentBlock('mta.md', CALLOUT, `${ROUTER}, callout`),
      transport: transport(),
    }),
  },
];

/** More than Exim delivers at once of what comes over one connection, where nobody told it to. */
const crowd = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`member${index}`, '']));

const exim = unpackExim();

describeWhere('missing' in exim ? exim.missing : undefined, 'Exim', () => {
  if ('missing' in exim) return;

  afterAll(() => exim.remove());

  describe.each(ways)('$name', ({ parts }) => {
    let site: Site;
    let people: ListPeople;

    beforeAll(async () => {
      site = await Site.start({
        startMailServer: (settings, surroundings) => startExim(exim, parts(surroundings), settings),
        configure: ({ lmtpPort, smtpPort }) => ({
          mailmanCfg: documentBlock('mta.md', 'Exim', 'mailman.cfg', {
            'lmtp_port: 8024': `lmtp_port: ${lmtpPort}`,
            'smtp_port: 25': `smtp_port: ${smtpPort}`,
          }),
          configuration: '',
        }),
        people: { anne: 'Anne Person', bart: '', cris: '', owen: '', ...crowd },
        prepare: async (made) => {
          prepareList(made, LIST, ['bart', 'cris']);
        },
      });
      const members = [site.person('bart'), site.person('cris')];
      people = { list: LIST, newcomer: site.person('anne'), members };
    });

    afterAll(() => site?.stop());

    test('somebody joins by mail', () => joinByMail(site, people));

    test('a post lies in every mailbox, byte for byte and once, and its answer', () =>
      postToAll(site, people, 'the first post'));

    test('a list that does not exist is refused', () => refusesUnknown(people));

    test('with VERP each copy has a sender of its own', () => postWithVerp(site, people, 'one by one'));

    test('somebody leaves by mail, and gets no more', () => leaveByMail(site, people));

    test('with VERP a crowd gets its copies at once', async () => {
      const names = Object.keys(crowd);
      site.addMembers(LIST, 'regular', ...names.map((name) => site.person(name).address));
      await site.person('bart').write({ to: LIST, subject: 'to a crowd' });
      for (const name of ['bart', 'cris', ...names]) {
        const { returnPath } = await site.person(name).next('to a crowd');
        expect(returnPath).toBe(`ant-bounces+${name}=people.example@lists.example.com`);
      }
      await site.settled();
      expect(names.flatMap((name) => site.person(name).unread())).toEqual([]);
    });
  });
});

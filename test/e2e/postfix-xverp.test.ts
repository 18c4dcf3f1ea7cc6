import { afterAll, beforeAll, expect, test } from 'vitest';
import { missingPostfix, startPostfix } from '../peers/postfix.ts';
import { documentBlock } from '../support/operators-document.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { describeWhere } from '../support/where-available.ts';
import { type ListPeople, postWithVerp, prepareList } from './list-life.ts';
import { relayDomain } from './postfix-ways.ts';
import { Site } from './site.ts';

const LIST = 'ant@lists.example.com';

/** Somebody whose mail goes on to a mailbox that refuses it. */
const ALIAS = 'helpers@alias.example';

describeWhere(missingPostfix(), 'Postfix that makes envelope senders', () => {
  let site: Site;
  let people: ListPeople;
  let faraway: SmtpSink;

  beforeAll(async () => {
    faraway = await startSmtpSink({ onRecipient: () => '550 5.1.1 Moved' });
    site = await Site.start({
      startMailServer: startPostfix,
      configure: (...given) => {
        const { mailmanCfg, configuration } = relayDomain.configure(...given);
        const verp = documentBlock('mta.md', 'Envelope senders made by Postfix', 'main.cf, VERP');
        const alias = `virtual_alias_domains = alias.example\nvirtual_alias_maps = inline:{ { ${ALIAS} = owen@people.example, away@faraway.example } }\n`;
        return { mailmanCfg, configuration: `${configuration}${verp}${alias}` };
      },
      people: { anne: 'Anne Person', bart: '', cris: '', owen: '' },
      routes: { 'faraway.example': faraway.port },
      prepare: async (made) => prepareList(made, LIST, ['anne', 'bart', 'cris']),
    });
    const members = [site.person('bart'), site.person('cris')];
    people = { list: LIST, newcomer: site.person('anne'), members };
  });

  afterAll(async () => {
    await site?.stop();
    await faraway?.stop();
  });

  /** How many recipients the files in its queue had that came with some sender. */
  function queueFiles(sender: RegExp): number[] {
    const files = site.mailServer.log().matchAll(/qmgr\[\d+\]: \w+: from=<([^>]*)>, size=\d+, nrcpt=(\d+)/g);
    return [...files].flatMap(([, from = '', count]) => (sender.test(from) ? [Number(count)] : []));
  }

  test('all copies are one file in its queue, and lie in the mailboxes as those sent one by one', async () => {
    await postWithVerp(site, people, 'at once');
    expect(queueFiles(/^ant-bounces@/)).toEqual([3]);
    expect(queueFiles(/^ant-bounces\+/)).toEqual([]);
  });

  test('a mailbox that refuses its copy counts for the member whom the list knows', async () => {
    site.addMembers(LIST, 'regular', 'Gone@faraway.example', ALIAS);
    await people.newcomer.write({ to: LIST, subject: 'far away' });
    for (const person of [people.newcomer, ...people.members]) await person.next('far away');
    const copy = await site.person('owen').next('far away');
    expect(copy.returnPath).toBe('ant-bounces+helpers=alias.example@lists.example.com');
    await expect
      .poll(() => site.query('SELECT DISTINCT email FROM bounce_event ORDER BY email'), { timeout: 60_000 })
      .toEqual([people.newcomer.address, 'gone@faraway.example', ALIAS].map((email) => ({ email })));
    await site.settled();
    expect(people.members.flatMap((person) => person.unread())).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { missingPostfix, startPostfix } from '../peers/postfix.ts';
import { describeWhere } from '../support/where-available.ts';
import type { Person } from './person.ts';
import { relayDomain } from './postfix-ways.ts';
import { Site } from './site.ts';

const at = (name: string) => `${name}@lists.example.com`;

describeWhere(missingPostfix(), 'lists that have to do with each other, behind Postfix', () => {
  let site: Site;
  let anne: Person;
  let bart: Person;
  let cris: Person;
  let owen: Person;

  beforeAll(async () => {
    site = await Site.start({
      startMailServer: startPostfix,
      configure: relayDomain.configure,
      people: { anne: '', bart: '', cris: '', owen: '' },
      prepare: async (made) => {
        for (const name of ['all', 'ant', 'bee', 'cat', 'dog', 'eel', 'fly'])
          made.mailman('create', '-o', 'owen@people.example', at(name));
      },
    });
    [anne, bart, cris, owen] = [
      site.person('anne'),
      site.person('bart'),
      site.person('cris'),
      site.person('owen'),
    ];
  }, 300_000);

  afterAll(() => site?.stop());

  async function nothingElse(): Promise<void> {
    await site.settled();
    for (const person of [anne, bart, cris, owen])
      expect([person.address, ...person.unread()]).toEqual([person.address]);
  }

  const change = (name: string, settings: Partial<ListSettings>) => site.change(at(name), settings);

  test('a post to an umbrella list reaches the members of its lists, each once', async () => {
    await change('all', { umbrella_list: true });
    for (const name of ['ant', 'bee']) {
      await change(name, { acceptable_aliases: [at('all')], accept_these_nonmembers: [anne.address] });
    }
    site.addMembers(at('all'), 'regular', anne.address, at('ant'), at('bee'));
    site.addMembers(at('ant'), 'regular', bart.address);
    site.addMembers(at('bee'), 'regular', cris.address);
    await anne.write({ to: at('all'), subject: 'to all' });
    await anne.next('[All] to all');
    for (const [person, name] of [
      [bart, 'Ant'],
      [cris, 'Bee'],
    ] as const) {
      const letter = await person.next('to all');
      expect(letter.subject).toMatch(new RegExp(`^\\[${name}\\] `));
      expect(letter.returnPath).toBe(at(`${name.toLowerCase()}-bounces`));
      expect(letter.header('List-Id')).toBe(`<${name.toLowerCase()}.lists.example.com>`);
    }
    await nothingElse();
  });

  test('what is meant for a person goes to the owner of the list that is a member', async () => {
    site.mailman('delmembers', '-l', at('all'), '-m', at('bee'), '-g');
    await owen.next('You have been unsubscribed from the All mailing list');
    await nothingElse();
  });

  test('members of a list that is included get posts as well, each once', async () => {
    await change('cat', { regular_include_lists: [at('dog')] });
    site.addMembers(at('cat'), 'regular', anne.address, bart.address);
    site.addMembers(at('dog'), 'regular', anne.address, bart.address, cris.address);
    await anne.write({ to: at('cat'), subject: 'included' });
    for (const person of [anne, bart, cris])
      expect((await person.next('included')).subject).toBe('[Cat] included');
    await nothingElse();
  });

  test('members of a list that is excluded get from there what goes to both', async () => {
    await change('eel', { regular_exclude_lists: [at('dog')] });
    site.addMembers(at('eel'), 'regular', anne.address, bart.address, owen.address);
    await anne.write({ to: at('eel'), subject: 'to both', fields: { Cc: at('dog') } });
    await owen.next('[Eel] to both');
    await nothingElse();
    await anne.write({ to: at('eel'), subject: 'to one' });
    for (const person of [anne, bart, owen]) await person.next('[Eel] to one');
    await nothingElse();
  });

  test('who posts too often has to wait for a moderator', async () => {
    await change('fly', { member_verbosity_threshold: 3, member_verbosity_interval: 3600 });
    site.addMembers(at('fly'), 'regular', anne.address, bart.address);
    for (const subject of ['one', 'two']) {
      await anne.write({ to: at('fly'), subject });
      for (const person of [anne, bart]) await person.next(`[Fly] ${subject}`);
    }
    await anne.write({ to: at('fly'), subject: 'three' });
    await anne.next('awaits moderator approval');
    await owen.next('requires approval');
    await bart.write({ to: at('fly'), subject: 'of somebody else' });
    for (const person of [anne, bart]) await person.next('[Fly] of somebody else');
    await nothingElse();
  });
});

import { afterAll, beforeAll, test } from 'vitest';
import { missingPostfix, startPostfix } from '../peers/postfix.ts';
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
import { ways } from './postfix-ways.ts';
import { Site } from './site.ts';

const LIST = 'ant@lists.example.com';

for (const { name, configure, prepare, tables, missing } of ways) {
  describeWhere(missingPostfix(tables) ?? missing?.(), `Postfix: ${name}`, () => {
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
  });
}

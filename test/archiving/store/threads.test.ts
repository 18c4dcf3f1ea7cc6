import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Archive } from '../../../src/archiving/store/archive.ts';
import { runs } from '../../support/properties.ts';
import { onEachStore, prepared, type Written } from './places.ts';

/** Which messages are together, below what, and what their threads say of themselves; by Message-ID. */
async function shape(archive: Archive, list: number) {
  const threads = (await archive.recentThreads(list, { limit: 500 })).items;
  const shapes = await Promise.all(
    threads.map(async ({ id, hash, messages, participants, firstDate, lastDate, subject, starter }) => {
      const { items } = await archive.threadMessages(id, { limit: 500 });
      const names = new Map(items.map((item) => [item.id, item.messageId]));
      const tree = items.map(({ messageId, parent, depth }) => [messageId, names.get(parent ?? 0), depth]);
      return { tree, hash, messages, participants, firstDate, lastDate, subject, starter: starter.address };
    }),
  );
  return shapes.sort((a, b) => (JSON.stringify(a.tree) < JSON.stringify(b.tree) ? -1 : 1));
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'gone1', 'gone2'].map((name) => `${name}@example.com`);
const SUBJECTS = ['', 'Lunch', 'Re: Lunch', '[Ant] Re: lunch', 'Tea', 'Re: [Ant] Tea'];

/** Messages that refer to each other, to themselves, in circles, to what is not there; days to months apart. */
const someMessages = fc
  .array(
    fc.record({
      references: fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
      inReplyTo: fc.option(fc.constantFrom(...NAMES), { nil: undefined, freq: 3 }),
      subject: fc.constantFrom(...SUBJECTS),
      hours: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3000 })),
      from: fc.constantFrom('ant@example.com', 'bee@example.com'),
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((messages) =>
    messages.map(
      ({ references, inReplyTo, subject, hours, from }, index): Written => ({
        id: NAMES[index] ?? '',
        from,
        subject,
        date: new Date(Date.UTC(2015, 0, 1, hours)).toUTCString().replace('GMT', '+0000'),
        ...(references.length > 0 ? { references: references.map((id) => `<${id}>`).join(' ') } : {}),
        ...(inReplyTo === undefined ? {} : { inReplyTo: `<${inReplyTo}>` }),
      }),
    ),
  );

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

await onEachStore('threads', (place) => {
  test('are the same in whatever order messages come, one by one or at once', {
    timeout: 120_000,
  }, async () => {
    const archive = await place.open();
    let count = 0;
    const build = async (batches: readonly (readonly Written[])[]) => {
      count += 1;
      const { id } = await archive.openList(`list${count}.example.com`);
      for (const batch of batches)
        await archive.add(
          id,
          batch.map((mail) => prepared(mail)),
        );
      return shape(archive, id);
    };
    await fc.assert(
      fc.asyncProperty(
        someMessages,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        async (messages, cut, picks) => {
          const expected = await build([messages]);
          expect(await build(messages.map((mail) => [mail]))).toEqual(expected);
          const all = orders(messages);
          const some =
            all.length <= 6
              ? all
              : Array.from({ length: 6 }, () => all[(picks.next().value ?? 0) % all.length] ?? []);
          for (const order of some)
            expect(
              await build([order.slice(0, cut), order.slice(cut)].filter((batch) => batch.length > 0)),
            ).toEqual(expected);
        },
      ),
      { numRuns: runs(archive.dialect === 'sqlite' ? 20 : 6) },
    );
  });

  const thread = async (...messages: Written[]) => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    await archive.add(
      id,
      messages.map((mail) => prepared(mail)),
    );
    return (await shape(archive, id)).map(({ tree }) => tree);
  };

  test('follow In-Reply-To, else the nearest of References that is here', async () => {
    const tree = await thread(
      { id: '1', subject: 'Lunch' },
      { id: '2', subject: 'Re: Lunch', references: '<1>', date: 'Mon, 5 Jan 2015 11:00:00 +0000' },
      {
        id: '3',
        subject: 'Re: Lunch',
        references: '<1> <2> <missing>',
        date: 'Mon, 5 Jan 2015 12:00:00 +0000',
      },
      {
        id: '4',
        subject: 'Re: Lunch',
        references: '<1> <2>',
        inReplyTo: '<1>',
        date: 'Mon, 5 Jan 2015 13:00:00 +0000',
      },
    );
    expect(tree).toEqual([
      [
        ['1', undefined, 0],
        ['2', '1', 1],
        ['3', '2', 2],
        ['4', '1', 1],
      ],
    ]);
  });

  test('of the same subject join where nothing else is said, within a bounded time', async () => {
    const lunch = { subject: '[Ant] Lunch?', date: 'Mon, 5 Jan 2015 10:00:00 +0000' };
    const answer = { id: '2', subject: 'RE: [ant]  lunch' };
    const together = [
      [
        ['1', undefined, 0],
        ['2', '1', 1],
      ],
    ];
    const apart = [[['1', undefined, 0]], [['2', undefined, 0]]];
    expect(
      await thread({ id: '1', ...lunch }, { ...answer, date: 'Fri, 9 Jan 2015 10:00:00 +0000' }),
    ).toEqual(together);
    expect(
      await thread({ id: '1', ...lunch }, { ...answer, date: 'Fri, 9 Oct 2015 10:00:00 +0000' }),
    ).toEqual(apart);
    // A report of every day is no conversation.
    expect(
      await thread(
        { id: '1', ...lunch },
        { id: '2', subject: 'Lunch?', date: 'Tue, 6 Jan 2015 10:00:00 +0000' },
      ),
    ).toEqual(apart);
  });

  test('do not join by an address in the sentence that old mailers write into In-Reply-To', async () => {
    const tree = await thread(
      { id: '1', subject: 'One', inReplyTo: 'Message from Fred <fred@example.com> of "Mon"' },
      { id: '2', subject: 'Two', inReplyTo: 'Message from Fred <fred@example.com> of "Tue"' },
    );
    expect(tree).toHaveLength(2);
  });

  test('join when the message comes that refers to both, and count what they have together', async () => {
    const archive = await place.open();
    const { id } = await archive.openList('ant.example.com');
    await archive.add(id, [prepared({ id: '1', subject: 'One', from: 'ant@example.com' })]);
    await archive.add(id, [
      prepared({ id: '2', subject: 'Two', from: 'bee@example.com', date: 'Tue, 6 Jan 2015 10:00:00 +0000' }),
    ]);
    expect(await archive.list('ant.example.com')).toMatchObject({ messages: 2, threads: 2 });
    await archive.add(id, [
      prepared({
        id: '3',
        references: '<1> <2>',
        from: 'bee@example.com',
        date: 'Wed, 7 Jan 2015 10:00:00 +0000',
      }),
    ]);
    expect(await archive.list('ant.example.com')).toMatchObject({ messages: 3, threads: 1 });
    const [only] = (await archive.recentThreads(id, { limit: 10 })).items;
    expect(only).toMatchObject({
      subject: 'One',
      messages: 3,
      participants: 2,
      lastDate: Date.UTC(2015, 0, 7, 10),
    });
  });
});

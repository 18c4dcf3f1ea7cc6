import { expect, test } from 'vitest';
import { countEntries, listEntries } from '../../src/database/queue-entries.ts';
import { createDelivery } from '../../src/mta/delivery.ts';
import { prepareOutgoing } from '../../src/mta/prepare-outgoing.ts';
import { QueueEngine } from '../../src/queue/engine.ts';
import { onEachDialect } from '../database/dialects.ts';
import { MESSAGE, members, receivers, setUp } from './delivery-to-sink.ts';

await onEachDialect('delivery', (place) => {
  test('in bulk all recipients get the message byte for byte, and nothing stays', async () => {
    const { sink, engine, send, database } = await setUp({}, { max_recipients: 4 }, place.open);
    await send([...members(10), 'a@example.com', 'b@example.de']);
    await engine.drain();
    expect(receivers(sink)).toEqual([...members(10), 'a@example.com', 'b@example.de'].sort());
    expect(sink.mails.map(({ recipients }) => recipients.length)).toEqual(
      expect.arrayContaining([4, 4, 2, 1, 1]),
    );
    for (const { sender, message } of sink.mails) {
      expect(sender).toBe('ant-bounces@example.com');
      expect(message.toString()).toBe(MESSAGE.toString().replace('\r\n.dot', '\r\n..dot'));
    }
    expect(await countEntries(database.connection)).toEqual(new Map());
    expect(await database.connection('queue_message').select()).toEqual([]);
    expect(await database.connection('delivery_progress').select()).toEqual([]);
  });

  test('with VERP each recipient has a transaction and an envelope sender', async () => {
    const { sink, engine, send, database } = await setUp({}, {}, place.open);
    await send(members(50), { verp: true });
    await engine.drain();
    expect(receivers(sink)).toEqual(members(50).sort());
    for (const { sender, recipients } of sink.mails) {
      expect([sender]).toEqual(recipients.map((one) => `ant-bounces+${one.replace('@', '=')}@example.com`));
    }
    expect(await countEntries(database.connection)).toEqual(new Map());
  });

  test('a refused recipient is a bounce, a deferred one is tried again, the others are not', async () => {
    let isGrey = true;
    const { sink, engine, send, refused, clock, database, services } = await setUp(
      {
        onRecipient: (recipient) => {
          if (recipient.startsWith('gone')) return '550 5.1.1 No such user';
          if (recipient.startsWith('full')) return '552 5.2.2 Over quota';
          return recipient.startsWith('grey') && isGrey ? '450 4.2.0 Greylisted' : undefined;
        },
      },
      {},
      place.open,
    );
    await send(['a@x.org', 'gone@x.org', 'grey@x.org', 'full@x.org', 'b@x.org']);
    await engine.drain();
    expect(receivers(sink)).toEqual(['a@x.org', 'b@x.org']);
    expect(refused).toEqual([{ recipient: 'gone@x.org', code: 550, text: '5.1.1 No such user' }]);
    const [entry] = await listEntries(database.connection, 'out');
    expect(JSON.parse(entry?.metadata ?? '')).toMatchObject({ recipients: ['full@x.org', 'grey@x.org'] });
    expect(entry).toMatchObject({ attempts: 1, worker_id: null });
    isGrey = false;
    clock.advance(61);
    await engine.drain();
    expect(receivers(sink)).toEqual(['a@x.org', 'b@x.org', 'grey@x.org']);
    expect(services.logged.filter(({ logger }) => logger === 'smtp').map(({ line }) => line)).toEqual([
      expect.stringMatching(/^<1@x> smtp to {2}for 5 recips, completed in \d+\.\d+ seconds$/),
      `<1@x> post to  from anne@example.net, ${MESSAGE.length} bytes, 3 failures`,
      '<1@x> delivery to full@x.org failed with code 552, 5.2.2 Over quota',
      '<1@x> delivery to grey@x.org failed with code 450, 4.2.0 Greylisted',
      '<1@x> delivery to gone@x.org failed with code 550, 5.1.1 No such user',
      expect.stringContaining('for 2 recips'),
      `<1@x> post to  from anne@example.net, ${MESSAGE.length} bytes, 1 failures`,
      '<1@x> delivery to full@x.org failed with code 552, 5.2.2 Over quota',
    ]);
  });

  test('recipients that make no progress for the retry period are given up', async () => {
    const { engine, send, refused, clock, database } = await setUp(
      { onRecipient: () => '450 4.2.0 Never' },
      { delivery_retry_period: 3600 },
      place.open,
    );
    await send(['a@x.org']);
    await engine.drain();
    for (let round = 0; round < 10; round += 1) {
      clock.advance(900);
      await engine.drain();
    }
    expect(refused).toEqual([{ recipient: 'a@x.org', code: 450, text: '4.2.0 Never' }]);
    expect(await countEntries(database.connection)).toEqual(new Map());
  });
});

test('a refused sender or message counts for all recipients', async () => {
  const { sink, engine, send, refused } = await setUp({ onSender: () => '553 5.1.8 Not you' });
  await send(['a@x.org', 'b@x.org']);
  await engine.drain();
  expect(refused.map(({ recipient, code }) => [recipient, code])).toEqual([
    ['a@x.org', 553],
    ['b@x.org', 553],
  ]);
  sink.behaviour = { onMessage: () => '554 5.6.0 Spam' };
  await send(['c@x.org', 'd@x.org']);
  await engine.drain();
  expect(refused.slice(2)).toEqual([
    { recipient: 'c@x.org', code: 554, text: '5.6.0 Spam' },
    { recipient: 'd@x.org', code: 554, text: '5.6.0 Spam' },
  ]);
});

test('the connection goes on after a transaction of which nobody was taken', async () => {
  const { sink, engine, send, refused } = await setUp({
    onRecipient: (recipient) => (recipient.startsWith('gone') ? '550 5.1.1 No such user' : undefined),
  });
  for (const recipient of ['gone@x.org', 'a@x.org', 'b@x.org']) {
    await send([recipient]);
    await engine.drain();
  }
  expect(receivers(sink)).toEqual(['a@x.org', 'b@x.org']);
  expect(refused.map(({ recipient }) => recipient)).toEqual(['gone@x.org']);
  expect(sink.totals.connections).toBe(1);
});

test('a mail server that cannot be reached defers, and is not knocked at by every message', async () => {
  const { sink, engine, send, refused, clock, database } = await setUp({ greeting: '421 4.3.2 Not now' });
  await send(['a@x.org'], { listid: 'one' });
  await engine.drain();
  const [entry] = await listEntries(database.connection, 'out');
  expect(entry?.error).toContain('421');
  expect(refused).toEqual([]);
  sink.behaviour = {};
  clock.advance(61);
  await engine.drain();
  expect(receivers(sink)).toEqual(['a@x.org']);
});

test('connections are kept, and ended after max_sessions_per_connection', async () => {
  const many = await setUp({}, { max_delivery_threads: 1 });
  for (let count = 0; count < 10; count += 1) await many.send([`m${count}@x.org`]);
  await many.engine.drain();
  expect(many.sink.totals).toMatchObject({ connections: 1, transactions: 10 });
  const few = await setUp({}, { max_delivery_threads: 1, max_sessions_per_connection: 3 });
  for (let count = 0; count < 10; count += 1) await few.send([`m${count}@x.org`]);
  await few.engine.drain();
  expect(few.sink.totals).toMatchObject({ connections: 4, transactions: 10 });
});

test('no more connections than allowed', async () => {
  const { sink, engine, send } = await setUp(
    { onMessage: () => new Promise((resolve) => setTimeout(resolve, 5, undefined)) },
    { max_delivery_threads: 3 },
  );
  await send(members(60), { verp: true });
  await engine.drain();
  expect(receivers(sink)).toHaveLength(60);
  expect(sink.totals.mostOpen).toBe(3);
});

test('a kept connection that the server has ended meanwhile costs nobody anything', async () => {
  const { sink, engine, send, refused } = await setUp({}, { max_delivery_threads: 2 });
  await send(members(4), { verp: true });
  await engine.drain();
  sink.disconnect();
  await send(['late1@x.org', 'late2@x.org'], { verp: true });
  await engine.drain();
  expect(receivers(sink)).toHaveLength(6);
  expect(refused).toEqual([]);
});

test('a kept connection that breaks when the message may have been taken is no reason to send it again at once', async () => {
  const { sink, engine, send, clock } = await setUp({}, { max_delivery_threads: 1 });
  await send(['first@x.org']);
  await engine.drain();
  let ends = 0;
  sink.behaviour = {
    onMessage: () => {
      ends += 1;
      sink.disconnect();
      return new Promise(() => {});
    },
  };
  await send(['late@x.org']);
  await engine.drain();
  expect(ends).toBe(1);
  sink.behaviour = {};
  clock.advance(61);
  await engine.drain();
  expect(receivers(sink)).toEqual(['first@x.org', 'late@x.org']);
});

test.each([
  ['a b@x.org'],
  ['a@x.org>\r\nRCPT TO:<evil@x.org'],
  ['a@x.org\nDATA'],
  ['<a@x.org>'],
  ['"a> <b"@x.org'],
  ['"a" b"@x.org'],
  ['nodomain'],
  ['a@'],
  [`a@x.org\0`],
])('%j never reaches the mail server', async (address) => {
  const { sink, engine, send, refused } = await setUp({});
  await send([address, 'good@x.org']);
  await engine.drain();
  expect(receivers(sink)).toEqual(['good@x.org']);
  expect(refused.map(({ recipient, code }) => [recipient, code])).toEqual([[address, 553]]);
});

test('a blank in a quoted local part is an address', async () => {
  const { sink, engine, send, refused } = await setUp({});
  await send(['"john smith"@x.org']);
  await engine.drain();
  expect(receivers(sink)).toEqual(['"john smith"@x.org']);
  expect(refused).toEqual([]);
});

test('international addresses need SMTPUTF8; an international domain alone is written in ASCII', async () => {
  const able = await setUp({});
  await able.send(['björn@x.org', 'anne@bücher.example']);
  await able.engine.drain();
  expect(receivers(able.sink)).toEqual(['anne@xn--bcher-kva.example', 'björn@x.org']);
  const unable = await setUp({ extensions: ['PIPELINING'] });
  await unable.send(['björn@x.org', 'anne@bücher.example']);
  await unable.engine.drain();
  expect(receivers(unable.sink)).toEqual(['anne@xn--bcher-kva.example']);
  expect(unable.refused.map(({ recipient, code }) => [recipient, code])).toEqual([['björn@x.org', 550]]);
});

test.each([{}, { verp: true }])('whoever is named twice gets one copy (%j)', async (metadata) => {
  const { sink, engine, send } = await setUp({});
  await send(['a@x.org', 'b@x.org', 'a@x.org'], metadata);
  await engine.drain();
  expect(receivers(sink)).toEqual(['a@x.org', 'b@x.org']);
});

test('a large message and small ones after it take turns', async () => {
  const order: string[] = [];
  const { engine, send } = await setUp(
    {
      onMessage: ({ recipients }) => {
        order.push(recipients[0] ?? '');
        return new Promise((resolve) => setTimeout(resolve, 2, undefined));
      },
    },
    { max_delivery_threads: 2 },
  );
  await send(members(200), { verp: true });
  await send(['small@x.org']);
  await engine.drain();
  expect(order.indexOf('small@x.org')).toBeLessThan(50);
});

test('a stop in the middle loses nobody and repeats nobody', async () => {
  const stopped = Promise.withResolvers<undefined>();
  let messages = 0;
  const onMessage = (): Promise<undefined> => {
    messages += 1;
    return messages > 12 ? stopped.promise : Promise.resolve(undefined);
  };
  const { sink, engine, delivery, send, services, database } = await setUp(
    { onMessage },
    { max_delivery_threads: 4 },
  );
  await send(members(100), { verp: true });
  await expect.poll(() => messages).toBeGreaterThan(12);
  delivery.stop();
  stopped.resolve(undefined);
  await engine.stop();
  const before = sink.totals.transactions;
  expect(before).toBeLessThan(100);
  const next = createDelivery(services.config, {
    prepare: prepareOutgoing,
    registerRefusals: async () => {},
  });
  const again = new QueueEngine(services, { processors: {}, consumers: { out: next.consumer } }, 'test');
  await again.start();
  await again.drain();
  expect(receivers(sink)).toHaveLength(100);
  expect(await countEntries(database.connection)).toEqual(new Map());
  await again.stop();
  next.close();
});

import { expect, test } from 'vitest';
import { countEntries } from '../../src/database/queue-entries.ts';
import { connectSmtp } from '../../src/mta/smtp-client.ts';
import { startSmtpSink } from '../support/smtp-sink.ts';
import { MESSAGE, members, receivers, setUp } from './delivery-to-sink.ts';

/** As Postfix offers it to `smtpd_authorized_verp_clients`. */
const XVERP = ['PIPELINING', 'SIZE 100000', 'XVERP'];

type Mails = Awaited<ReturnType<typeof setUp>>['sink']['mails'];

/** For each transaction its sender, whether the server is to name the recipients in it, and how many there are. */
const transactions = (mails: Mails) =>
  mails
    .map(({ sender, parameters, recipients }) => [
      sender,
      /XVERP=(\S+)/.exec(parameters)?.[1],
      recipients.length,
    ])
    .sort();

test('a server that makes envelope senders gets all recipients at once', async () => {
  const { sink, engine, send, database } = await setUp({ extensions: XVERP }, { max_recipients: 40 });
  await send(members(100), { verp: true });
  await engine.drain();
  expect(receivers(sink)).toHaveLength(100);
  expect(transactions(sink.mails)).toEqual([
    ['ant-bounces@example.com', '+=', 20],
    ['ant-bounces@example.com', '+=', 40],
    ['ant-bounces@example.com', '+=', 40],
  ]);
  expect(sink.mails[0]?.message.toString()).toBe(MESSAGE.toString().replace('\r\n.dot', '\r\n..dot'));
  expect(await countEntries(database.connection)).toEqual(new Map());
});

test('only what it makes as we do: no quotes, nothing international', async () => {
  const { sink, engine, send } = await setUp({ extensions: [...XVERP, 'SMTPUTF8'] });
  const odd = ['"a b"@x.org', 'a/b@x.org', 'björn@x.org', 'b%c@x.org'];
  await send([...odd, 'a=b@x.org', 'anne@bücher.org'], { verp: true });
  await engine.drain();
  expect(receivers(sink)).toEqual([...odd, 'a=b@x.org', 'anne@xn--bcher-kva.org'].sort());
  const [shared] = sink.mails.filter(({ parameters }) => parameters.includes('XVERP'));
  expect(shared?.recipients.toSorted()).toEqual(['a=b@x.org', 'anne@xn--bcher-kva.org']);
  expect(sink.mails).toHaveLength(odd.length + 1);
});

test.each([
  ['copies are personal', { verp: true, personalize: true }, {}],
  ['there is no sender', { verp: true, envsender: '' }, {}],
  ['the format has more in it', { verp: true }, { verp_format: '$bounces+$local=$domain=x' }],
  ['the server would not take the delimiters', { verp: true }, { verp_format: '$bounces+$local#$domain' }],
  ['the format names them otherwise', { verp: true }, { verp_format: '$bounces+$domain=$local' }],
] as const)('one by one where %s', async (_what, metadata, settings) => {
  const { sink, engine, send } = await setUp({ extensions: XVERP }, settings);
  await send(members(5), metadata);
  await engine.drain();
  expect(sink.mails).toHaveLength(5);
  expect(sink.mails.filter(({ parameters }) => parameters.includes('XVERP'))).toEqual([]);
});

test('other delimiters', async () => {
  const { sink, engine, send } = await setUp(
    { extensions: XVERP },
    { verp_format: '$bounces-$local=$domain' },
  );
  await send(members(3), { verp: true });
  await engine.drain();
  expect(transactions(sink.mails)).toEqual([['ant-bounces@example.com', '-=', 3]]);
});

test('in developer mode there is one copy, for the developer', async () => {
  const devmode = { enabled: true, recipient: 'dev@x.org' };
  const { sink, engine, send } = await setUp(
    { extensions: XVERP },
    { max_recipients: 2 },
    undefined,
    devmode,
  );
  await send(members(5), { verp: true });
  await engine.drain();
  expect(sink.mails.map(({ recipients }) => recipients)).toEqual([['dev@x.org']]);
});

test('refused recipients bounce, deferred ones are tried again, together', async () => {
  let isGrey = true;
  const { sink, engine, send, refused, clock } = await setUp({
    extensions: XVERP,
    onRecipient: (recipient) => {
      if (recipient.startsWith('gone')) return '550 5.1.1 No such user';
      return recipient.startsWith('grey') && isGrey ? '450 4.2.0 Greylisted' : undefined;
    },
  });
  await send(['a@x.org', 'gone@x.org', 'grey1@x.org', 'grey2@x.org'], { verp: true });
  await engine.drain();
  isGrey = false;
  clock.advance(61);
  await engine.drain();
  expect(receivers(sink)).toEqual(['a@x.org', 'grey1@x.org', 'grey2@x.org']);
  expect(refused).toEqual([{ recipient: 'gone@x.org', code: 550, text: '5.1.1 No such user' }]);
  expect(transactions(sink.mails)).toEqual([
    ['ant-bounces@example.com', '+=', 1],
    ['ant-bounces@example.com', '+=', 2],
  ]);
});

test.each([
  ['501 5.5.4 Error: XVERP needs two characters from x'],
  ['503 5.7.0 Error: XVERP requires special permission'],
  ['555 5.5.4 Unsupported option: XVERP=+='],
])('refused with %s, everybody gets a copy by himself, and nobody asks again', async (reply) => {
  let asked = 0;
  const { sink, engine, send, refused } = await setUp({
    extensions: XVERP,
    onSender: (_sender, parameters) => {
      if (!parameters.includes('XVERP')) return undefined;
      asked += 1;
      return reply;
    },
  });
  for (const domain of ['x.org', 'y.org']) {
    await send(members(20, domain), { verp: true });
    await engine.drain();
  }
  expect(receivers(sink)).toHaveLength(40);
  expect(refused).toEqual([]);
  expect(asked).toBe(1);
  for (const { sender, recipients } of sink.mails) {
    expect([sender]).toEqual(recipients.map((one) => `ant-bounces+${one.replace('@', '=')}@example.com`));
  }
});

test('a sender that is refused in any case is refused for each', async () => {
  const { engine, send, refused } = await setUp({ extensions: XVERP, onSender: () => '553 5.1.8 Not you' });
  await send(members(3), { verp: true });
  await engine.drain();
  expect(refused.map(({ code }) => code)).toEqual([553, 553, 553]);
});

test('a server that is busy is asked again later, and nothing is forgotten', async () => {
  let isBusy = true;
  const { sink, engine, send, clock } = await setUp({
    extensions: XVERP,
    onSender: () => (isBusy ? '452 4.3.1 Busy' : undefined),
  });
  await send(members(3), { verp: true });
  await engine.drain();
  isBusy = false;
  clock.advance(61);
  await engine.drain();
  expect(transactions(sink.mails)).toEqual([['ant-bounces@example.com', '+=', 3]]);
});

test('one that offers it no more after a restart gets copies one by one, and later all at once again', async () => {
  const { sink, engine, send } = await setUp({ extensions: XVERP }, { max_delivery_threads: 1 });
  for (const extensions of [XVERP, ['PIPELINING'], ['PIPELINING'], XVERP, XVERP]) {
    sink.behaviour = { extensions };
    sink.disconnect();
    await expect.poll(() => sink.totals.open).toBe(0);
    sink.counts.clear();
    sink.mails.splice(0);
    await send(members(4), { verp: true });
    await engine.drain();
    expect(receivers(sink)).toHaveLength(4);
    const isOffered = extensions === XVERP;
    for (const { sender, parameters } of sink.mails) {
      // What the connection before has shown counts for one message more.
      if (!isOffered) expect(parameters).not.toContain('XVERP');
      if (!parameters.includes('XVERP')) expect(sender).toContain('=');
    }
  }
  expect(transactions(sink.mails)).toEqual([['ant-bounces@example.com', '+=', 4]]);
});

test('a client does not ask a server for what it does not offer', async () => {
  const sink = await startSmtpSink();
  const { services } = await setUp({});
  const config = { ...services.config, mta: { ...services.config.mta, smtp_port: sink.port } };
  const client = await connectSmtp(config);
  const transaction = { sender: 'a@x.org', recipients: ['b@x.org'], message: MESSAGE, verp: '+=' };
  await expect(client.send(transaction)).rejects.toMatchObject({ name: 'VerpRefusedError' });
  expect(client.isUsable).toBe(true);
  client.close();
  await sink.stop();
});

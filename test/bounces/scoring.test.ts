import { afterEach, beforeEach, expect, test } from 'vitest';
import { enableDelivery } from '../../src/membership/preferences.ts';
import { noBounce } from '../../src/model/member.ts';
import { type BounceBench, DAY, openBounceBench, report, sent } from './bench.ts';

const BART = 'bart@example.net';
const WARNING = 'Bart@example.net: Your subscription for Ant mailing list has been disabled';
const OWNER_HEARS = `owner@example.com: ${BART}'s subscription disabled on Ant`;

let bench: BounceBench;
beforeEach(async () => {
  bench = await openBounceBench();
});
afterEach(() => bench.close());

const score = async () => (await bench.member(BART))?.bounce.score;
const status = async () => (await bench.member(BART))?.preferences.delivery_status ?? 'enabled';
const logged = () =>
  bench.services.logged.filter(({ logger }) => logger === 'bounce').map(({ line }) => line);

test('one point for each day, however much bounces', async () => {
  expect(await bench.bounce(BART)).toEqual([]);
  expect(await score()).toBe(1);
  bench.clock.advance(60);
  await bench.bounce('BART@EXAMPLE.NET');
  expect(await score()).toBe(1);
  bench.clock.advance(DAY);
  await bench.bounce(BART);
  expect(await score()).toBe(2);
  expect(logged()).toEqual([
    'Member bart@example.net on list ant.example.com, bounce score = 1.',
    'Member bart@example.net on list ant.example.com, already scored a bounce for date 2023-11-14.',
    'Member bart@example.net on list ant.example.com, bounce score = 2.',
  ]);
});

test('a bounce after a long silence counts as the first', async () => {
  await bench.bounce(BART);
  bench.clock.advance(DAY);
  await bench.bounce(BART);
  bench.clock.advance(7 * DAY);
  await bench.bounce(BART);
  expect(await score()).toBe(3);
  bench.clock.advance(7 * DAY + 1);
  await bench.bounce(BART);
  expect(await score()).toBe(1);
});

test('five days of bounces, three warnings a week apart, then removal', async () => {
  const story: string[] = [];
  for (let day = 0; day <= 40; day += 1) {
    const mails = [...(day < 10 ? await bench.bounce(BART) : []), ...(await bench.warn())];
    for (const line of sent(mails)) story.push(`day ${day}, ${line}`);
    bench.clock.advance(DAY);
  }
  expect(story).toEqual([
    `day 4, ${WARNING}`,
    `day 4, ${OWNER_HEARS}`,
    `day 11, ${WARNING}`,
    `day 18, ${WARNING}`,
    'day 25, Bart@example.net: You have been unsubscribed from the Ant mailing list',
    `day 25, owner@example.com: ${BART} unsubscribed from Ant mailing list due to bounces`,
  ]);
  expect(await bench.member(BART)).toBeUndefined();
  expect(logged()).toContain('Member bart@example.net on list ant.example.com, residual bounce received.');
  expect(
    bench.services.logged.filter(({ logger }) => logger === 'subscribe').map(({ line }) => line),
  ).toEqual([
    'ant@example.com: deleted Bart@example.net; disabled address',
    'ant@example.com: Bart@example.net auto-unsubscribed [reason: BYBOUNCE]',
  ]);
});

test('the bounce that was one too many is attached for the owners', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  const [, notice] = await bench.bounce(BART);
  expect(notice?.message.root.children.at(-1)?.message?.headers.get('Message-ID')).toBe(
    '<bounce@mx.example.net>',
  );
});

test('without warnings, removal is the next thing that happens', async () => {
  await bench.set({ bounce_score_threshold: 1, bounce_you_are_disabled_warnings: 0 });
  expect(sent(await bench.bounce(BART))).toEqual([OWNER_HEARS]);
  expect(sent(await bench.warn())).toHaveLength(2);
  expect(await bench.member(BART)).toBeUndefined();
});

test('a threshold of 0 disables at the first bounce', async () => {
  await bench.set({ bounce_score_threshold: 0 });
  await bench.bounce(BART);
  expect(await status()).toBe('by_bounces');
  expect((await bench.member('cris@example.org'))?.preferences.delivery_status).toBeNull();
  await bench.warn();
  expect((await bench.member('cris@example.org'))?.preferences.delivery_status).toBeNull();
});

test('owners hear of what they want to hear of, and of nothing else', async () => {
  await bench.set({
    bounce_score_threshold: 2,
    bounce_notify_owner_on_bounce_increment: true,
    bounce_notify_owner_on_disable: false,
    bounce_notify_owner_on_removal: false,
    bounce_you_are_disabled_warnings: 0,
  });
  expect(sent(await bench.bounce(BART))).toEqual([
    `owner@example.com: ${BART}'s bounce score incremented on Ant`,
  ]);
  bench.clock.advance(60);
  expect(await bench.bounce(BART)).toEqual([]);
  bench.clock.advance(DAY);
  expect(sent(await bench.bounce(BART))).toEqual([
    `owner@example.com: ${BART}'s bounce score incremented on Ant`,
  ]);
  expect(sent(await bench.warn())).toEqual([
    'Bart@example.net: You have been unsubscribed from the Ant mailing list',
  ]);
});

test('a removal is a change of members where owners hear of those', async () => {
  await bench.set({
    bounce_score_threshold: 1,
    bounce_notify_owner_on_disable: false,
    bounce_notify_owner_on_removal: false,
    bounce_you_are_disabled_warnings: 0,
    admin_notify_mchanges: true,
  });
  await bench.bounce(BART);
  expect(sent(await bench.warn())).toContain('owner@example.com: Ant unsubscription notification');
});

test('whoever has switched mail off keeps that choice', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  await bench.database.connection('member').where('email', BART).update({ delivery_status: 'by_user' });
  expect(await bench.bounce(BART)).toEqual([]);
  expect([await status(), await score()]).toEqual(['by_user', 1]);
  bench.clock.advance(DAY);
  await bench.bounce(BART);
  expect([await status(), await score()]).toEqual(['by_user', 1]);
});

test('a lower threshold applies to scores that are there', async () => {
  await bench.bounce(BART);
  bench.clock.advance(DAY);
  await bench.bounce(BART);
  await bench.set({ bounce_score_threshold: 2 });
  expect(sent(await bench.warn())).toEqual([WARNING, OWNER_HEARS]);
  expect(await status()).toBe('by_bounces');
});

test('what is too old to count is forgotten', async () => {
  await bench.bounce(BART);
  bench.clock.advance(7 * DAY - 60);
  await bench.warn();
  expect(await score()).toBe(1);
  bench.clock.advance(120);
  await bench.warn();
  expect((await bench.member(BART))?.bounce).toEqual(noBounce);
});

test('periods that end after all time last for ever', async () => {
  await bench.set({
    bounce_score_threshold: 2,
    bounce_info_stale_after: 1e12,
    bounce_you_are_disabled_warnings_interval: 1e12,
  });
  await bench.bounce(BART);
  bench.clock.advance(4000 * DAY);
  await bench.warn();
  await bench.bounce(BART);
  expect([await status(), await score()]).toEqual(['by_bounces', 2]);
  bench.clock.advance(4000 * DAY);
  expect(await bench.warn()).toEqual([]);
});

test('an interval of nothing still leaves a day between two warnings', async () => {
  await bench.set({ bounce_score_threshold: 1, bounce_you_are_disabled_warnings_interval: 0 });
  await bench.bounce(BART);
  expect(await bench.warn()).toEqual([]);
  bench.clock.advance(DAY);
  expect(sent(await bench.warn())).toEqual([WARNING]);
});

test('delivery that is switched on again starts from nothing', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  await bench.bounce(BART);
  const member = await bench.member(BART);
  if (!member) throw new Error('no member');
  await enableDelivery(bench.database.connection, member, bench.clock.now());
  expect([await status(), (await bench.member(BART))?.bounce]).toEqual(['enabled', noBounce]);
  expect(await bench.warn()).toEqual([]);
});

test('a list that processes no bounces leaves its members alone', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  await bench.bounce(BART);
  await bench.set({ process_bounces: false });
  bench.clock.advance(30 * DAY);
  expect(await bench.warn()).toEqual([]);
  expect(await bench.bounce('cris@example.org')).toEqual([]);
  expect((await bench.member('cris@example.org'))?.bounce).toEqual(noBounce);
});

test('an event whose member or list is gone meanwhile is dropped', async () => {
  await bench.receive(report(BART));
  await bench.database.connection('member').where('email', BART).delete();
  expect(await bench.count()).toEqual([]);
  expect(await bench.database.connection('bounce_event').select('event_id')).toEqual([]);
  expect(await bench.database.connection('bounce_message').select('bounce_id')).toEqual([]);
});

test('an event that cannot be counted takes no other along', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  await bench.database.connection.raw(
    `CREATE TRIGGER refuse BEFORE UPDATE ON member WHEN NEW.email = '${BART}' BEGIN SELECT RAISE(ABORT, 'no'); END`,
  );
  await bench.receive(report(BART));
  await bench.receive(report('cris@example.org'));
  await bench.count();
  expect((await bench.member('cris@example.org'))?.bounce.score).toBe(1);
  expect(bench.services.logged.some(({ logger, line }) => logger === 'error' && line.includes(BART))).toBe(
    true,
  );
  expect(await bench.database.connection('bounce_event').select('event_id')).toEqual([]);
});

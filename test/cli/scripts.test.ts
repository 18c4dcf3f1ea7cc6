import { beforeAll, expect, test } from 'vitest';
import { install, problemOf, succeed } from '../support/mailman.ts';

/** What operators of Mailman 3 do with scripts for `mailman shell`: lines of JSON about lists, members and users. */

const server = install();
const { mailman, mailmanReading } = server;

type Line = Readonly<Record<string, unknown>>;

function lines(...argv: readonly string[]): Line[] {
  const output = succeed(mailman(...argv));
  return output === ''
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
}

beforeAll(() => {
  for (const list of ['ant', 'bee']) {
    succeed(mailman('create', '-q', '-o', `${list}-boss@example.com`, `${list}@example.com`));
    succeed(
      mailmanReading('Anne <anne@example.com>\nBart@example.com', 'addmembers', '-', `${list}@example.com`),
    );
  }
});

test('the settings of all lists, or of some, or some of them', () => {
  const all = lines('lists_conf');
  expect(all.map(({ fqdn_listname }) => fqdn_listname)).toEqual(['ant@example.com', 'bee@example.com']);
  expect(all[0]).toMatchObject({ post_id: 1, advertised: true, subscription_policy: 'confirm' });
  expect(all[0]).not.toHaveProperty('admin_password');
  expect(lines('lists_conf', '--secrets', 'bee.example.com')[0]).toMatchObject({ admin_password: null });
  expect(
    lines('lists_conf', '--keys', 'post_id,first_strip_reply_to,reply_goes_to_list', 'bee@example.com'),
  ).toEqual([
    {
      fqdn_listname: 'bee@example.com',
      post_id: 1,
      first_strip_reply_to: false,
      reply_goes_to_list: 'no_munging',
    },
  ]);
});

test('what there is not is named', () => {
  expect(problemOf(mailman('lists_conf', '--keys', 'post_id,nope'))).toBe(
    "Error: Invalid value for '--keys': there is no setting nope",
  );
  expect(problemOf(mailman('lists_conf', 'cow@example.com'))).toBe('Error: No such list: cow@example.com');
  expect(problemOf(mailman('lists_members', '-R', 'boss'))).toContain("'boss'");
  expect(problemOf(mailman('users', 'nobody@example.com'))).toBe('Error: No such user: nobody@example.com');
});

test('memberships by role', () => {
  const who = (...argv: string[]) =>
    lines('lists_members', ...argv).map(({ email, role }) => `${role} ${email}`);
  expect(who('ant@example.com')).toEqual([
    'member anne@example.com',
    'member Bart@example.com',
    'owner ant-boss@example.com',
  ]);
  expect(who('--role', 'administrator')).toEqual([
    'owner ant-boss@example.com',
    'owner bee-boss@example.com',
  ]);
  expect(who('--role', 'moderator')).toEqual([]);
  expect(who('-m', 'ANNE@example.com')).toEqual(['member anne@example.com', 'member anne@example.com']);
  expect(lines('lists_members', '-R', 'member', 'ant@example.com')[0]).toMatchObject({
    fqdn_listname: 'ant@example.com',
    list_id: 'ant.example.com',
    email: 'anne@example.com',
    display_name: 'Anne',
    delivery_mode: 'regular',
    moderation_action: 'defer',
  });
});

test('they are removed as they are shown; not everybody everywhere by an oversight', () => {
  expect(problemOf(mailman('lists_members', '--delete'))).toBe(
    'Error: --delete needs LISTSPECS or -m/--member: it would remove everybody from all lists.',
  );
  const removed = lines('lists_members', '--delete', '-R', 'member', '-m', 'bart@example.com');
  expect(removed.map(({ list_id }) => list_id)).toEqual(['ant.example.com', 'bee.example.com']);
  expect(succeed(mailman('members', 'ant@example.com'))).toBe('Anne <anne@example.com>\n');
  expect(lines('lists_members', 'bee@example.com', '-R', 'owner', '--delete')).toHaveLength(1);
  expect(lines('lists_members', 'bee@example.com', '-R', 'owner')).toEqual([]);
});

test('users; those who are on no list are found and removed', () => {
  const names = (found: readonly Line[]) =>
    found.map(({ addresses }) => (addresses as { email: string }[]).map(({ email }) => email).join()).sort();
  const all = lines('users');
  expect(names(all)).toEqual([
    'Bart@example.com',
    'anne@example.com',
    'ant-boss@example.com',
    'bee-boss@example.com',
  ]);
  const [anne] = lines('users', 'anne@example.com');
  expect(anne).toMatchObject({ display_name: 'Anne', is_server_owner: false, memberships: 2 });
  expect(lines('users', String(anne?.uuid))).toEqual([anne]);
  expect(names(lines('users', '--no-subscriptions'))).toEqual(['Bart@example.com', 'bee-boss@example.com']);
  server.sql(
    "UPDATE user SET is_server_owner = 1 WHERE user_id IN (SELECT user_id FROM address WHERE email LIKE 'bee%')",
  );
  expect(problemOf(mailman('users', '--delete'))).toBe(
    'Error: --delete needs USERS or --no-subscriptions: it would remove everybody.',
  );
  expect(names(lines('users', '--no-subscriptions', '--delete'))).toEqual(['Bart@example.com']);
  expect(names(lines('users', 'anne@example.com', '--delete'))).toEqual(['anne@example.com']);
  expect(names(lines('users'))).toEqual(['ant-boss@example.com', 'bee-boss@example.com']);
  expect(lines('lists_members', '-m', 'anne@example.com')).toEqual([]);
});

test('shell --run and withlist --run lead to them', () => {
  const asked = ['--keys', 'post_id', 'ant@example.com'];
  for (const argv of [
    ['shell', '--run=examples.lists_conf', '--', ...asked],
    ['withlist', '-r', 'lists_conf', '--', ...asked],
    ['shell', '-l', 'ant@example.com', '-r', 'lists_conf', '--', '--keys', 'post_id'],
  ])
    expect(lines(...argv)).toEqual([{ fqdn_listname: 'ant@example.com', post_id: 1 }]);
  expect(lines('shell', '--run', 'examples.users', '--', '--no-subscriptions')).toHaveLength(1);
});

test('without Python there is no prompt, and a script of its own is refused with what there is', () => {
  for (const argv of [
    ['shell'],
    ['withlist', '-l', 'ant@example.com'],
    ['shell', '-r', 'mine.change'],
    ['shell', '-i'],
  ]) {
    const outcome = mailman(...argv);
    expect(outcome.status).toBe(2);
    expect(problemOf(outcome)).toMatch(
      /There is no Python here to .*Scripts: lists_conf, lists_members, users;/,
    );
  }
});

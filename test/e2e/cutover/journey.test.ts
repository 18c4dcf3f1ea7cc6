import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PyBytes, PyFloat } from '../../../migrate/pickle/values.ts';
import { readList, text } from '../../peers/mailman2/list-file.ts';
import { enqueue } from '../../peers/mailman2/queue-files.ts';
import { missingPostfix } from '../../peers/postfix.ts';
import { describeWhere } from '../../support/where-available.ts';
import { CutoverRig } from './rig.ts';

const LIST = 'plain@lists.example.com';
const PEOPLE = Array.from({ length: 20 }, (_, index) => `person${index}@members.example`);
const ANNE = PEOPLE[0] ?? '';

describeWhere(missingPostfix(), 'a list moves, with a real Postfix', () => {
  let rig: CutoverRig;
  let posts = 0;

  beforeAll(async () => {
    rig = await CutoverRig.start(['plain'], (mailman2) => {
      mailman2.run('remove_members', ['-f', '-', 'plain'], mailman2.run('list_members', ['plain']));
      mailman2.run('add_members', ['-r', '-', 'plain'], PEOPLE.join('\n'));
    });
  });

  afterAll(() => rig?.stop());

  /** Posts, waits, and proves that everybody got it exactly once. @returns who delivered to how many */
  async function postToAll(from = ANNE): Promise<Record<string, number>> {
    const id = await rig.post(from, LIST, `post${++posts}`);
    await rig.settled();
    const copies = rig.copiesOf(id);
    expect([...copies.keys()].sort()).toEqual(members());
    expect(new Set(copies.values())).toEqual(new Set([1]));
    const counts: Record<string, number> = {};
    for (const sender of rig.senderOf(id).values()) counts[sender] = (counts[sender] ?? 0) + 1;
    return counts;
  }

  let expectedMembers = [...PEOPLE].sort();
  const members = (): string[] => expectedMembers;

  test('at first Mailman 2 delivers to all', async () => {
    expect(rig.mailman('cutover', 'status')).toMatch(
      /^plain@lists\.example\.com: legacy since .*, 20 members/,
    );
    expect(await postToAll()).toEqual({ mailman2: 20 });
  });

  test('what would lose mail is refused, with a reason', () => {
    const { status, stderr } = rig.try('cutover', 'lead', '--yes', LIST);
    expect(status).toBe(1);
    expect(stderr).toContain('is in the stage legacy; "lead" begins at observe or alongside');
  });

  test('observed, a post is recorded here and delivered by Mailman 2', async () => {
    rig.mailman('cutover', 'observe', LIST);
    expect(await postToAll()).toEqual({ mailman2: 20 });
    const [recorded] = rig.query('SELECT decision, outcome FROM shadow_post');
    expect(recorded?.decision).toBe('accept');
    expect(JSON.parse(String(recorded?.outcome)).recipients.sort()).toEqual(members());
  });

  test('members are not handed over before what came over was compared with what is there', async () => {
    // As if another import had changed something.
    rig.sql("UPDATE cutover SET imported_at = '2999-01-01T00:00:00.000000Z'");
    for (const step of [['alongside'], ['lead', '--yes'], ['lead', '--dry-run']]) {
      const { status, stderr } = rig.try('cutover', ...step, LIST);
      expect(status).toBe(1);
      expect(stderr).toContain("it was compared with Mailman 2's files before the last import");
      expect(stderr).toContain(`run "mailman migrate verify ${rig.mailman2.varDir} --list plain"`);
    }
    rig.sql("UPDATE cutover SET imported_at = '2000-01-01T00:00:00.000000Z', differences = 2");
    expect(rig.try('cutover', 'lead', '--dry-run', LIST).stderr).toMatch(
      /the last comparison .* found 2 differences: run "mailman migrate run/,
    );
    expect(rig.mailman('cutover', 'status', LIST)).toMatch(
      /^ {2}in the way of the next step: the last comparison .* found 2 differences/m,
    );
    expect(rig.mailman('cutover', 'lead', '--dry-run', '--despite-differences', LIST)).toContain(
      'nothing changed',
    );
    rig.sql('UPDATE cutover SET verified_at = NULL');
    expect(rig.try('cutover', 'alongside', LIST).stderr).toContain('was never compared');
    rig.try('migrate', 'verify', rig.mailman2.varDir);
    expect(rig.mailman('cutover', 'alongside', '--dry-run', LIST)).toContain('nothing changed');
  });

  test('nor while a change at Mailman 2 waits for long', async () => {
    await rig.killMaster();
    rig.mailman2.run('add_members', ['-r', '-', 'plain'], 'brief@members.example');
    const longAgo = Date.now() / 1000 - 100;
    const folder = join(rig.mailman2.varDir, 'lists', 'plain');
    for (const file of readdirSync(folder)) utimesSync(join(folder, file), longAgo, longAgo);
    expect(rig.try('cutover', 'lead', '--yes', LIST).stderr).toMatch(
      /a change at Mailman 2 has been waiting for \d+ s: see with "mailman status" whether the server runs/,
    );
    await rig.startMaster();
    rig.mailman2.run('remove_members', ['plain', 'brief@members.example']);
  });

  test('alongside, each delivers to its own part', async () => {
    expect(rig.mailman('cutover', 'alongside', LIST, '--percent', '25')).toContain(
      '5 members handed over by Mailman 2',
    );
    expect(await postToAll()).toEqual({ mailman2: 15, ferryman: 5 });
    rig.mailman('cutover', 'alongside', LIST, '--percent', '60');
    expect(await postToAll()).toEqual({ mailman2: 8, ferryman: 12 });
  });

  test('where Mailman 2 delivers to nobody any more and nobody listens, it is said', async () => {
    const warning = /parity cannot be measured: make plain@listen\.ferry\.invalid a member there/;
    expect(rig.mailman('cutover', 'alongside', LIST, '--everybody', '--dry-run')).toMatch(warning);
    rig.mailman2.run('add_members', ['-r', '-', 'plain'], 'plain@listen.ferry.invalid');
    await rig.followed('plain@listen.ferry.invalid');
    expect(rig.mailman('cutover', 'alongside', LIST, '--everybody', '--dry-run')).not.toMatch(warning);
    rig.mailman2.run('remove_members', ['plain', 'plain@listen.ferry.invalid']);
  });

  test('handed back, they are Mailman 2’s again', async () => {
    rig.mailman('cutover', 'alongside', LIST, '--back', '--percent', '10');
    expect(await postToAll()).toEqual({ mailman2: 10, ferryman: 10 });
  });

  test('who joins at Mailman 2 gets posts from it at once', async () => {
    rig.mailman2.run('add_members', ['-r', '-', 'plain'], 'late@members.example');
    expectedMembers = [...PEOPLE, 'late@members.example'].sort();
    expect(await postToAll()).toEqual({ mailman2: 11, ferryman: 10 });
  });

  test.each([
    ['handed over', ['--everybody']],
    ['handed back', ['--back', '--everybody']],
  ])(
    '%s in the very second in which Mailman 2 approves a post, everybody gets it once',
    async (_, change) => {
      const before = rig.mailman2.lastRequestId('plain');
      const id = await rig.post('stranger@people.example', LIST, `post${++posts}`);
      await rig.settled();
      await expect.poll(() => rig.mailman2.lastRequestId('plain')).toBe(before + 1);
      expect(rig.copiesOf(id).size).toBe(0);
      rig.mailman2.run('admindb', ['plain', 'approve', String(before + 1)]);
      rig.mailman('cutover', 'alongside', LIST, ...change);
      await rig.settled();
      const copies = rig.copiesOf(id);
      expect([...copies.keys()].sort()).toEqual(members());
      expect(new Set(copies.values())).toEqual(new Set([1]));
    },
  );

  test('leading, Ferryman delivers to all, also to who has just joined', async () => {
    rig.mailman2.run('add_members', ['-r', '-', 'plain'], 'later@members.example');
    expectedMembers = [...expectedMembers, 'later@members.example'].sort();
    const said = rig.mailman('cutover', 'lead', '--yes', LIST);
    expect(Number(/was locked for ([\d.]+) s/.exec(said)?.[1])).toBeLessThan(1);
    expect(await postToAll()).toEqual({ ferryman: 22 });
  });

  test('rolled back, Mailman 2 delivers to all, also to those who have changed here', async () => {
    rig.mailman('delmembers', '-l', LIST, '-m', ANNE);
    expectedMembers = expectedMembers.filter((address) => address !== ANNE);
    rig.mailman('cutover', 'rollback', LIST);
    const { config } = readList(rig.mailman2.varDir, 'plain');
    expect(text(config.get('real_name'))).toBe('Plain');
    expect(await postToAll(PEOPLE[1])).toEqual({ mailman2: 21 });
  });

  test('and forward again, to the end', async () => {
    rig.mailman('cutover', 'observe', LIST);
    rig.mailman('cutover', 'lead', '--yes', LIST);
    expect(rig.try('cutover', 'finish', LIST).stderr).toContain('finish it in 168 h');
    // What the mail server did not take waits there for an hour.
    const later = { listname: PyBytes.utf8('plain'), deliver_after: new PyFloat(4e9), recips: [] };
    enqueue(rig.mailman2.varDir, 'retry', 'Subject: late\r\n\r\n', later);
    const refused = rig.try('cutover', 'finish', '--quiet-days', '0', LIST).stderr;
    expect(refused).toContain('1 of its mails in its queues yet (qfiles/retry)');
    const retry = join(rig.mailman2.varDir, 'qfiles', 'retry');
    for (const name of readdirSync(retry)) rmSync(join(retry, name));
    rig.mailman('cutover', 'finish', '--quiet-days', '0', LIST);
    expect(await postToAll(PEOPLE[1])).toEqual({ ferryman: 21 });
    expect(rig.mailman('cutover', 'status', LIST)).toContain(': retired since');
    expect(rig.mailman('cutover', 'audit', LIST).trim().split('\n').length).toBeGreaterThan(15);
  });
});

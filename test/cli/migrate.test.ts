import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readPickle } from '../../migrate/pickle/reader.ts';
import { PyBytes, PyDict } from '../../migrate/pickle/values.ts';
import { writePickle } from '../../migrate/pickle/writer.ts';
import { copySite, expectedSite, openLists, SITE } from '../migrate/site/fixture-site.ts';
import { install, MAILMAN, problemOf, succeed } from '../support/mailman.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferryman-migrate-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Inspected {
  readonly totals: Readonly<Record<string, number>>;
  readonly lists: readonly {
    readonly name: string;
    readonly members: number;
    readonly held_posts: number;
    readonly held_posts_lost: number;
    readonly digest_posts: number;
    readonly problem: string | null;
  }[];
  readonly queues: readonly { readonly queue: string; readonly messages: number }[];
  readonly site_passwords: unknown;
  readonly findings: readonly {
    readonly kind: string;
    readonly list: string | null;
    readonly text: string;
  }[];
}

/** A site of one list, made from a list of the fixtures. */
function smallSite(
  name: string,
  changes: Readonly<Record<string, string | number>>,
  from = 'chapter-south',
): string {
  const site = join(folder, `site-${name}-${Object.keys(changes).length}`);
  mkdirSync(join(site, 'lists', name), { recursive: true });
  const config = readPickle(readFileSync(join(SITE, 'lists', from, 'config.pck')));
  if (!(config instanceof PyDict)) throw new Error('no dictionary');
  for (const [key, value] of Object.entries(changes))
    config.set(new PyBytes(key), typeof value === 'string' ? PyBytes.utf8(value) : value);
  writeFileSync(join(site, 'lists', name, 'config.pck'), writePickle(config));
  return site;
}

describe('inspect', () => {
  const server = install();
  const report = JSON.parse(succeed(server.mailman('migrate', 'inspect', SITE, '--json'))) as Inspected;

  test('counts what Mailman counts', () => {
    for (const [name, expected] of openLists) {
      const list = report.lists.find((one) => one.name === name);
      expect([name, list?.members, list?.held_posts, list?.digest_posts]).toEqual([
        name,
        expected.member_count.digest + expected.member_count.regular,
        expected.held_messages.length,
        expected.digest_mbox?.message_ids.length ?? 0,
      ]);
    }
    expect(report.totals).toMatchObject({ lists: Object.keys(expectedSite.lists).length, broken_lists: 1 });
    expect(report.site_passwords).toEqual({ admin: true, creator: true });
  });

  test('names what needs a decision', () => {
    const decisions = report.findings.filter(({ kind }) => kind === 'decision');
    const of = (list: string | null) =>
      decisions
        .filter((one) => one.list === list)
        .map(({ text }) => text)
        .join('\n');
    expect(of('all-chapters')).toContain('members are lists');
    expect(of('truncated')).toMatch(/^\/.*the file ends before the pickle does$/);
    expect(of('broken-last')).toContain('the backup beside it counts');
    expect(of('plain')).toContain('heldmsg-plain-6.pck');
    expect(of('chapter-north')).toContain('Python code');
    expect(of('topics-digest')).toContain('NoSuchHandler');
    expect(of(null)).toContain('heldmsg-pkg-odd-1.pck');
  });

  test('names what works otherwise, not what works as before', () => {
    const changes = report.findings.filter(({ list }) => list === 'announce').map(({ text }) => text);
    expect(changes).toContainEqual(expect.stringContaining('passwords are not mailed'));
    // Its chain lets "accept" end the filtering only, as Mailman 2.1 does.
    expect(changes).not.toContainEqual(expect.stringContaining('"accept"'));
  });

  test('writes nothing', () => {
    expect(existsSync(join(server.folder, 'var/data/mailman.db'))).toBe(false);
  });

  test('names lists that get into each other’s way', () => {
    const site = smallSite('a.b', { host_name: 'c.example' });
    mkdirSync(join(site, 'lists/a'), { recursive: true });
    const other = smallSite('a', { host_name: 'b.c.example' });
    writeFileSync(join(site, 'lists/a/config.pck'), readFileSync(join(other, 'lists/a/config.pck')));
    const { findings } = JSON.parse(
      succeed(server.mailman('migrate', 'inspect', site, '--json')),
    ) as Inspected;
    expect(
      findings.filter(({ text }) => text.includes('List-Id a.b.c.example')).map(({ list }) => list),
    ).toEqual(['a', 'a.b']);
  });

  test('names a domain that the site does not know as its own, unless somebody has said it', () => {
    const site = smallSite('odd', { host_name: 'old-machine.example' });
    writeFileSync(join(site, 'mm_cfg.py'), "DEFAULT_EMAIL_HOST = 'lists.example.com'\n");
    const local = smallSite('local', { host_name: 'localhost' });
    const named = (path: string, ...options: string[]): string[] => {
      const { stdout } = server.mailman('migrate', 'inspect', path, '--json', ...options);
      const { findings } = JSON.parse(stdout) as Inspected;
      return findings.filter(({ text }) => text.includes('--domain-of')).map(({ text }) => text);
    };
    const problem =
      'goes to the domain old-machine.example, which is none of those in mm_cfg.py (lists.example.com); --domain-of odd=DOMAIN says another one';
    expect(named(site)).toEqual([problem]);
    expect(named(site, '--domain-of', 'odd=new.example')).toEqual([]);
    expect(named(local)).toEqual([
      'goes to localhost, which is no domain that mail comes to; --domain-of local=DOMAIN says another one',
    ]);
    expect(succeed(server.mailman('migrate', 'run', '--dry-run', site))).toContain(
      `! host_name: ${problem}\n`,
    );
  });

  test('makes a page that runs nothing, whatever the texts of lists say', () => {
    const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
    const site = smallSite('evil', { description: evil, real_name: 'Evil', host_name: 'example.com' });
    writeFileSync(join(site, 'mm_cfg.py'), `X = os.system("<b>")\nNAME = '${'</style><script>'}'\n`);
    const page = join(folder, 'page.html');
    succeed(server.mailman('migrate', 'inspect', site, '--html', page));
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/<script|<img|<[^>]*\son\w+=|javascript:/i);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).toContain("default-src 'none'");
  });

  test('draws pictures of the site', () => {
    const page = join(folder, 'fixture.html');
    succeed(server.mailman('migrate', 'inspect', SITE, '--html', page));
    const html = readFileSync(page, 'utf8');
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(2);
    expect(html).toContain('bigcrowd');
  });
});

describe('wrong usage', () => {
  const server = install();
  test.each<[string[], number, string]>([
    [['migrate'], 2, 'Missing command: inspect, run, verify, follow, export21.'],
    [['migrate', 'run'], 2, "Missing argument 'PATH'."],
    [
      ['migrate', 'run', '/nonexistent'],
      1,
      "/nonexistent does not exist; expected Mailman 2.1's var directory",
    ],
    [['migrate', 'inspect', folder], 1, 'has no folder "lists"'],
    [['migrate', 'run', SITE, '--list', 'nobody'], 2, 'No such list in'],
    [['migrate', 'run', SITE, '--domain-of', 'plain=-x-'], 2, '--domain-of: not a domain: -x-'],
    [['migrate', 'export21', 'nobody@example.com', folder], 2, 'No such list: nobody@example.com'],
  ])('%j', (argv, status, text) => {
    const outcome = server.mailman(...argv);
    expect(outcome.status).toBe(status);
    expect(problemOf(outcome)).toContain(text);
  });
});

describe('a site that is brought over', () => {
  test('verifies as the same, and no more after a change', () => {
    const server = install();
    const only = ['--list', 'announce', '--list', 'members-lab', '--list', 'nihongo-users'];
    succeed(server.mailman('migrate', 'run', SITE, ...only));
    expect(succeed(server.mailman('migrate', 'verify', SITE, ...only))).toContain('3 lists, 0 differences');
    server.sql("UPDATE member SET display_name = 'Somebody Else' WHERE email = 'yamada@example.com'");
    const changed = server.mailman('migrate', 'verify', SITE, ...only, '--json');
    expect(changed.status).toBe(1);
    const { lists } = JSON.parse(changed.stdout) as { lists: { differences: { subject: string }[] }[] };
    expect(lists.flatMap(({ differences }) => differences).map(({ subject }) => subject)).toEqual([
      'usernames[yamada@example.com]',
    ]);
  });

  test('is reported as JSON, and fails for the list that cannot be opened only', () => {
    const server = install();
    const { status, stdout } = server.mailman('migrate', 'run', SITE, '--queues', '--json');
    const { lists, failed } = JSON.parse(stdout) as {
      lists: { name: string; queued: { added: number } }[];
      failed: { name: string }[];
    };
    expect([status, lists.length, failed.map(({ name }) => name)]).toEqual([1, 19, ['truncated']]);
  });

  test('a newer file of the source is applied', () => {
    const server = install();
    const site = copySite(join(folder, 'newer'));
    const only = ['--list', 'chapter-south'];
    succeed(server.mailman('migrate', 'run', site, ...only));
    const path = join(site, 'lists/chapter-south/config.pck');
    const config = readPickle(readFileSync(path));
    if (!(config instanceof PyDict)) throw new Error('no dictionary');
    config.set(new PyBytes('description'), new PyBytes('the south, renewed'));
    writeFileSync(path, writePickle(config));
    expect(succeed(server.mailman('migrate', 'run', site, ...only))).toContain('updated');
    const [row] = server.query("SELECT settings FROM mailing_list WHERE list_name = 'chapter-south'");
    expect(JSON.parse(String(row?.settings))).toMatchObject({ description: 'the south, renewed' });
  });

  test('a run that is killed goes on where it stopped, and what it has brought remains Mailman 2’s', async () => {
    const server = install(`[cutover]\nmailman2_var_dir: ${SITE}\n`);
    succeed(server.mailman('migrate', 'run', SITE, '--dry-run', '--list', 'staff'));
    for (const delay of [250, 350, 450]) {
      const child = spawn(MAILMAN, ['-C', join(server.folder, 'mailman.cfg'), 'migrate', 'run', SITE], {
        stdio: 'ignore',
        detached: true,
      });
      await new Promise((resolve) => setTimeout(resolve, delay));
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await new Promise((resolve) =>
        child.exitCode === null && child.signalCode === null
          ? child.once('exit', resolve)
          : resolve(undefined),
      );
      for (const { n, list_id } of server.query(
        'SELECT list_id, count(*) AS n FROM member GROUP BY list_id',
      )) {
        const expected = openLists.find(([name]) => String(list_id).startsWith(`${name}.lists.`))?.[1];
        const members = (expected?.member_count.digest ?? 0) + (expected?.member_count.regular ?? 0);
        expect(Number(n)).toBeGreaterThanOrEqual(members);
      }
      expect(
        server.query('SELECT list_id FROM mailing_list WHERE list_id NOT IN (SELECT list_id FROM cutover)'),
      ).toEqual([]);
    }
    server.mailman('migrate', 'run', SITE);
    const outcome = JSON.parse(server.mailman('migrate', 'verify', SITE, '--json').stdout) as {
      lists: { name: string; differences: { subject: string }[] }[];
    };
    expect(outcome.lists.filter(({ differences }) => differences.length > 0).map(({ name }) => name)).toEqual(
      ['truncated'],
    );
  });
});

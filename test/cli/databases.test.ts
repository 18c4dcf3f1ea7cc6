import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onEachDialect } from '../database/dialects.ts';
import { install } from '../support/mailman.ts';

await onEachDialect('the member commands', (place) => {
  it('work alike', async () => {
    const { mailman, mailmanReading } = install(`[database]\nurl: ${await place.freshUrl()}\n`);
    const people = 'Ärne <Ärne@bücher.example>\nzoe@example.com\n-x@example.com\nBo <B_o@example.com>';
    const address = 'ant@example.com';
    expect(mailman('create', '-o', 'owner@example.com', address)).toMatchObject({ status: 0, stderr: '' });
    expect(mailman('create', address).stderr).toContain('Error: List already exists: ant@example.com\n');
    expect(mailmanReading(people, 'addmembers', '-', address)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(mailmanReading('d@example.com', 'addmembers', '-d', 'plain', '-', address).status).toBe(0);
    const sorted =
      '-x@example.com\nBo <B_o@example.com>\nd@example.com\nzoe@example.com\nÄrne <Ärne@bücher.example>\n';
    expect(mailman('members', address).stdout).toBe(sorted);
    expect(mailman('members', '-d', 'any', '-n', 'enabled', address).stdout).toBe('d@example.com\n');
    expect(mailman('members', '-r', '-d', 'any', address)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(mailman('members', '-c', '-R', 'any', address).stdout).toBe('6\n');
    expect(mailman('findmember', '^ärne').stdout).toBe(
      'Email: Ärne@bücher.example\n    List: ant.example.com\n        MemberRole.member\n',
    );
    expect(mailmanReading('zoe@example.com\nnew@example.com', 'syncmembers', '-', address).stdout).toBe(
      '[ADD] new@example.com\n[DEL] -x@example.com\n[DEL] Bo <B_o@example.com>\n[DEL] d@example.com\n[DEL] Ärne <Ärne@bücher.example>\n',
    );
    expect(mailman('changeaddress', 'zoe@example.com', 'ZOE@example.com').status).toBe(0);
    expect(mailman('delmembers', '-l', address, '-m', 'new@example.com')).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(mailman('members', address).stdout).toBe('ZOE@example.com\n');
    expect(mailman('remove', address).stdout).toBe('Removed list: ant@example.com\n');
    expect(mailman('lists', '-q')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('can all be run at the same moment', async () => {
    const { folder, file, mailman, shell } = install(`[database]\nurl: ${await place.freshUrl()}\n`);
    const names = ['ant', 'bee', 'cat', 'dog', 'eel'];
    const people = file(
      'people',
      Array.from({ length: 50 }, (_, index) => `p${index}@example.com`).join('\n'),
    );
    const atOnce = (line: (name: string) => string) =>
      shell(`${names.map((name) => `$mailman ${line(name)} &`).join('\n')}\nwait`);
    const created = atOnce((name) => `create -o boss@example.com ${name}@example.com`);
    expect(created.stderr).toBe('');
    expect(created.stdout.trim().split('\n').sort()).toEqual(
      names.map((name) => `Created mailing list: ${name}@example.com`),
    );
    expect(atOnce((name) => `addmembers ${people} ${name}@example.com`)).toMatchObject({
      stdout: '',
      stderr: '',
    });
    for (const name of names) expect(mailman('members', '-c', `${name}@example.com`).stdout).toBe('50\n');
    const map = readFileSync(join(folder, 'var/data/postfix_lmtp'), 'utf8');
    expect(map.match(/^[a-z]+(?=@)/gm)).toEqual(names);
    expect(readdirSync(join(folder, 'var/data')).filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NOBODY } from '../peers/mail-server.ts';
import { freePort } from '../peers/throwaway.ts';
import { install, succeed } from '../support/mailman.ts';
import { documentBlock } from '../support/operators-document.ts';
import { describeWhere } from '../support/where-available.ts';

const LOGROTATE = '/usr/sbin/logrotate';
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

describeWhere(existsSync(LOGROTATE) ? undefined : 'logrotate is not installed', 'with logrotate', () => {
  test('a running server goes on in new files', async () => {
    const server = install(
      `[web]\nport: 0\n[webservice]\nport: 0\n[mta]\nincoming: null\nlmtp_port: ${await freePort()}\n`,
    );
    const { folder, mailman, file } = server;
    succeed(mailman('start', '-q'));
    try {
      const logs = join(folder, 'var/logs');
      mkdirSync(logs, { recursive: true });
      // The command has let go of the server before that has written anything.
      const log = (): string => {
        const path = join(logs, 'mailman.log');
        return existsSync(path) ? readFileSync(path, 'utf8') : '';
      };
      await expect.poll(log, { timeout: 30_000 }).toContain('Master started');
      const before = log();
      const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
      const rules = documentBlock('running.md', 'Logs', '/etc/logrotate.d/mailman3', {
        '/var/lib/mailman/logs': logs,
        'su mailman mailman': `su ${userInfo().username} ${group}`,
        '/opt/ferryman': ROOT,
        '/etc/mailman.cfg': `${folder}/mailman.cfg`,
      });
      const path = file('logrotate.conf', rules);
      // logrotate runs the script as root, whoever the files belong to.
      if (process.getuid?.() === 0) chownSync(join(folder, 'var'), NOBODY, NOBODY);
      const rotated = spawnSync(LOGROTATE, ['-f', '-s', join(folder, 'state'), path], { encoding: 'utf8' });
      expect([rotated.status, rotated.stderr]).toEqual([0, '']);
      expect(readFileSync(join(logs, 'mailman.log.1'), 'utf8')).toBe(before);
      succeed(mailman('restart', '-q'));
      await expect.poll(log, { timeout: 30_000 }).toContain('Master started');
      expect(readFileSync(join(logs, 'mailman.log.1'), 'utf8')).toBe(before);
      expect(readdirSync(logs)).not.toContain('mailman.log.2');
    } finally {
      mailman('stop', '-q');
    }
  });
});

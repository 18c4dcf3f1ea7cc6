import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureDirectories } from '../../src/config/directories.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder, problemsWhen, surroundingsIn, write } from './helpers.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

describe('run-time directories', () => {
  test('are made when missing, with a configuration file of comments', () => {
    const cwd = folder();
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    const umask = process.umask(0o007);
    try {
      ensureDirectories(config);
      ensureDirectories(config);
    } finally {
      process.umask(umask);
    }
    for (const name of 'archives cache data etc lists locks logs messages queue templates'.split(' ')) {
      expect([name, mode(join(cwd, 'var', name))]).toEqual([name, 0o755]);
    }
    expect(mode(join(cwd, 'var'))).toBe(0o755);
    expect(mode(join(cwd, 'var/queue/in'))).toBe(0o770);
    expect(existsSync(join(cwd, 'var/queue/lmtp'))).toBe(false);
    const stub = readFileSync(join(cwd, 'var/etc/mailman.cfg'), 'utf8');
    expect(
      stub
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('#')),
    ).toBe(true);
    expect(loadConfig({ surroundings: surroundingsIn(cwd) }).file).toBe(join(cwd, 'var/etc/mailman.cfg'));
  });

  test('a configuration file that is there stays', () => {
    const cwd = folder();
    const file = write(join(cwd, 'var/etc/mailman.cfg'), '[mta]\nsmtp_port: 26\n');
    ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) }));
    expect(readFileSync(file, 'utf8')).toBe('[mta]\nsmtp_port: 26\n');
  });

  test('one that cannot be made is one line: file, section, key, path, reason', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'file'), '');
    write(join(cwd, 'mailman.cfg'), `[paths.here]\nlog_dir: ${blocker}/logs\n`);
    expect(problemsWhen(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })))).toEqual([
      `${cwd}/mailman.cfg:2: [paths.here] log_dir: ${blocker}/logs cannot be created (part of the path is not a directory), expected a directory or a place for one`,
    ]);
  });

  test('what lies below one that cannot be made is not named again', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'file'), '');
    write(join(cwd, 'mailman.cfg'), `[paths.here]\nvar_dir: ${blocker}/var\n`);
    expect(problemsWhen(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })))).toEqual([
      `${cwd}/mailman.cfg:2: [paths.here] var_dir: ${blocker}/var cannot be created (part of the path is not a directory), expected a directory or a place for one`,
    ]);
  });

  test('a file in the way of a directory', () => {
    const cwd = folder();
    const blocker = write(join(cwd, 'var'), '');
    const problems = problemsWhen(() => ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) })));
    expect(problems[0]).toBe(
      `no configuration file: [paths.here] var_dir: ${blocker} cannot be created (a file of that name is in the way), expected a directory or a place for one`,
    );
  });

  test('built-in templates need no directory; bin_dir need not be ours', () => {
    const cwd = folder();
    write(join(cwd, 'mailman.cfg'), '[paths.here]\ntemplate_dir: :source:\nbin_dir: /proc/nope\n');
    ensureDirectories(loadConfig({ surroundings: surroundingsIn(cwd) }));
    expect(existsSync(join(cwd, ':source:'))).toBe(false);
  });
});

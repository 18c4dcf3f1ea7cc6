import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { locateConfig, type Surroundings } from '../../src/config/locate.ts';
import { UsageError } from '../../src/errors.ts';
import { folder, surroundingsIn, write } from './helpers.ts';

const PLACES = [
  '/named/by/environment.cfg',
  '/srv/site/mailman.cfg',
  '/srv/site/var/etc/mailman.cfg',
  '/home/anne/.mailman.cfg',
  '/etc/mailman.cfg',
  '/etc/mailman3/mailman.cfg',
  '/opt/ferryman/etc/mailman.cfg',
];

function surroundings(existing: readonly string[], env: Record<string, string> = {}): Surroundings {
  return {
    env: { MAILMAN_CONFIG_FILE: '/named/by/environment.cfg', HOME: '/home/anne', ...env },
    cwd: '/srv/site',
    argv0: '/opt/ferryman/bin/mailman',
    isFile: (path) => existing.includes(path),
  };
}

describe('where the configuration is found', () => {
  test.each(PLACES.map((place, index) => [index + 1, place] as const))('place %i: %s', (number, place) => {
    expect(locateConfig(undefined, surroundings(PLACES.slice(number - 1)))).toBe(place);
    expect(locateConfig(undefined, surroundings([place]))).toBe(place);
  });

  test('nowhere: built-in values', () => {
    expect(locateConfig(undefined, surroundings([]))).toBeUndefined();
  });

  test('an empty MAILMAN_CONFIG_FILE, and no home, are passed over', () => {
    expect(locateConfig(undefined, surroundings(PLACES, { MAILMAN_CONFIG_FILE: '' }))).toBe(
      '/srv/site/mailman.cfg',
    );
    expect(locateConfig(undefined, surroundings(['/.mailman.cfg'], { HOME: '' }))).toBeUndefined();
  });

  test('-C wins over all, and is relative to the working directory', () => {
    expect(locateConfig('my.cfg', surroundings([...PLACES, '/srv/site/my.cfg']))).toBe('/srv/site/my.cfg');
  });

  test('-C with a missing file is wrong usage', () => {
    const attempt = () => locateConfig('/nope', surroundings(PLACES));
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow("Invalid value for '-C' / '--config': File '/nope' does not exist.");
  });
});

describe('environment', () => {
  test('MAILMAN_EXTRA_TESTING_CFG is laid over the file', () => {
    const cwd = folder();
    write(join(cwd, 'mailman.cfg'), '[mta]\nsmtp_port: 1025\nlmtp_port: 1024\n');
    const extra = write(join(cwd, 'extra.cfg'), '[mta]\nsmtp_port: 9025\n');
    const config = loadConfig({ surroundings: surroundingsIn(cwd, { MAILMAN_EXTRA_TESTING_CFG: extra }) });
    expect([config.mta.smtp_port, config.mta.lmtp_port]).toEqual([9025, 1024]);
    expect(config.file).toBe(join(cwd, 'mailman.cfg'));
  });

  test('MAILMAN_VAR_DIR overrides var_dir, and what is built on it', () => {
    const cwd = folder();
    write(join(cwd, 'mailman.cfg'), '[mailman]\nlayout: fhs\n');
    const { paths } = loadConfig({ surroundings: surroundingsIn(cwd, { MAILMAN_VAR_DIR: '/srv/va$r' }) });
    expect(paths.var_dir).toBe('/srv/va$r');
    expect(paths.data_dir).toBe('/srv/va$r/data');
    expect(paths.queue_dir).toBe('/var/spool/mailman');
  });
});

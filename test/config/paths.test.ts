import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { folder, load, problemsOf, surroundingsIn, write } from './helpers.ts';

describe('layouts', () => {
  test('here, when there is no file: below the working directory', () => {
    const cwd = folder();
    const config = loadConfig({ surroundings: surroundingsIn(cwd) });
    expect(config.file).toBeUndefined();
    expect(config.paths).toMatchObject({
      var_dir: `${cwd}/var`,
      queue_dir: `${cwd}/var/queue`,
      bin_dir: '/opt/ferryman/bin',
      list_data_dir: `${cwd}/var/lists`,
      lock_file: `${cwd}/var/locks/master.lck`,
      pid_file: `${cwd}/var/master.pid`,
    });
    expect(config.database.url).toBe(`sqlite:///${cwd}/var/data/mailman.db`);
    expect(config.archive.url).toBe(`sqlite:///${cwd}/var/data/archive.db`);
    expect(config.raw('database')?.url).toBe('sqlite:///$DATA_DIR/mailman.db');
    expect(config.raw('paths.here')?.var_dir).toBe('$cwd/var');
  });

  test('local', () => {
    expect(load('[mailman]\nlayout: local').paths).toMatchObject({
      var_dir: '/var/tmp/mailman',
      template_dir: '/var/tmp/mailman/templates',
    });
  });

  test('dev: two folders above the file', () => {
    const cwd = folder();
    write(join(cwd, 'var/etc/mailman.cfg'), '[mailman]\nlayout: dev\n');
    expect(loadConfig({ surroundings: surroundingsIn(cwd) }).paths.var_dir).toBe(join(cwd, 'var'));
  });

  test('fhs', () => {
    expect(load('[mailman]\nlayout: fhs').paths).toMatchObject({
      var_dir: '/var/lib/mailman',
      queue_dir: '/var/spool/mailman',
      log_dir: '/var/log/mailman',
      lock_dir: '/var/lock/mailman',
      etc_dir: '/etc',
      ext_dir: '/etc/mailman.d',
      bin_dir: '/sbin',
      pid_file: '/var/run/mailman/master.pid',
      lock_file: '/var/lock/mailman/master.lck',
      data_dir: '/var/lib/mailman/data',
    });
  });

  test('debian', () => {
    expect(load('[mailman]\nlayout: debian').paths).toMatchObject({
      var_dir: '/var/lib/mailman3',
      queue_dir: '/var/lib/mailman3/queue',
      bin_dir: '/usr/lib/mailman3/bin',
      log_dir: '/var/log/mailman3',
      etc_dir: '/etc/mailman3',
      pid_file: '/run/mailman3/master.pid',
      lock_dir: '/var/lib/mailman3/locks',
    });
  });

  test("one's own, with a further key as a variable; what it leaves out comes from the pattern", () => {
    const { paths } = load(
      '[mailman]\nlayout: mine\n[paths.mine]\nbase: /srv\nvar_dir: $base/lists\nlog_dir: $base/log\n[paths.master]\ndata_dir: $base/data\n',
    );
    expect(paths).toMatchObject({
      base: '/srv',
      var_dir: '/srv/lists',
      log_dir: '/srv/log',
      data_dir: '/srv/data',
      cache_dir: '/srv/lists/cache',
    });
  });

  test('built-in templates keep their mark', () => {
    expect(load('[paths.here]\ntemplate_dir: :source:').paths.template_dir).toBe(':source:');
  });
});

describe('substitutions that cannot end', () => {
  test('a loop is told once, with its members', () => {
    expect(
      problemsOf('[paths.here]\nvar_dir: $queue_dir/..\nqueue_dir: $data_dir\ndata_dir: $var_dir/data\n'),
    ).toEqual([
      'FILE:2: [paths.here] var_dir: Path expansion infloop detected: var_dir -> queue_dir -> data_dir -> var_dir',
    ]);
  });

  test('a path that names itself', () => {
    expect(problemsOf('[paths.here]\nlog_dir: $log_dir/more\n')).toEqual([
      'FILE:2: [paths.here] log_dir: Path expansion infloop detected: log_dir -> log_dir',
    ]);
  });

  test('an unknown variable', () => {
    expect(problemsOf('[paths.here]\nlog_dir: $home/log\n')).toEqual([
      expect.stringMatching(
        /^FILE:2: \[paths\.here\] log_dir: found '\$home\/log' with an unknown variable \$home, expected one of \$var_dir .*\$cwd \$argv \$cfg_file$/,
      ),
    ]);
  });

  test('a loop in a layout that is not in use does no harm', () => {
    expect(problemsOf('[paths.other]\nvar_dir: $queue_dir\n')).toEqual([]);
  });
});

describe('directories in other sections', () => {
  const layout = '[paths.here]\nvar_dir: /srv/mm\n';

  test('database URL: names in upper case; others and single dollar signs stay', () => {
    expect(load(`${layout}[database]\nurl: sqlite:////$VAR_DIR/x.db`).database.url).toBe(
      'sqlite://///srv/mm/x.db',
    );
    expect(load(`${layout}[database]\nurl: postgresql://a:p$var_dir$5@db/x`).database.url).toBe(
      'postgresql://a:p$var_dir$5@db/x',
    );
  });

  test('queues and logs', () => {
    const config = load(
      `${layout}[runner.mine]\nclass: mailman.runners.archive.ArchiveRunner\npath: $DATA_DIR/q/$name\n`,
    );
    expect(config.runners.get('mine')?.path).toBe('/srv/mm/data/q/mine');
    expect(config.loggers.get('error')?.path).toBe('/srv/mm/logs/mailman.log');
    expect(load('[logging.error]\npath: /dev/stderr').loggers.get('error')?.path).toBe('/dev/stderr');
  });

  test('history of the shell: names in lower case', () => {
    expect(load(`${layout}[shell]\nhistory_file: $var_dir/history.py`).shell.history_file).toBe(
      '/srv/mm/history.py',
    );
  });
});

test('the address of the web pages follows host and port unless it is given', () => {
  expect(load('[web]\nhost: ::\nport: 80').web.base_url).toBe('http://localhost:80');
  expect(load('[web]\nhost: 2001:db8::1').web.base_url).toBe('http://[2001:db8::1]:8000');
  expect(load('[web]\nbase_url: https://lists.example.com/').web.base_url).toBe('https://lists.example.com');
});

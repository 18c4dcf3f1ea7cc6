import { describe, expect, test } from 'vitest';
import { showConfig } from '../../src/config/show.ts';
import { UsageError } from '../../src/errors.ts';
import { load } from './helpers.ts';

describe('mailman conf', () => {
  const config = load(
    '[webservice]\nport: 9825\n[database]\nurl: sqlite:///$VAR_DIR/x.db\n[antispam]\nheader_checks:\n    X-A: b\n    X-C: d\n',
  );

  test('section and key: the bare value, unexpanded', () => {
    expect(showConfig(config, { section: 'webservice', key: 'port' })).toEqual(['9825']);
    expect(showConfig(config, { section: 'database', key: 'url' })).toEqual(['sqlite:///$VAR_DIR/x.db']);
    expect(showConfig(config, { section: 'mta', key: 'smtp_user' })).toEqual(['']);
    expect(showConfig(config, { section: 'antispam', key: 'header_checks' })).toEqual(['\nX-A: b\nX-C: d']);
  });

  test('section: its keys sorted', () => {
    expect(showConfig(config, { section: 'webservice' })).toEqual([
      '[webservice] admin_pass: restpass',
      '[webservice] admin_user: restadmin',
      '[webservice] api_version: 3.1',
      '[webservice] configuration: python:mailman.config.gunicorn',
      '[webservice] hostname: localhost',
      '[webservice] port: 9825',
      '[webservice] show_tracebacks: yes',
      '[webservice] use_https: no',
      '[webservice] workers: 2',
    ]);
  });

  test('key: every section that has it, sorted', () => {
    expect(showConfig(config, { key: 'lock_file' })).toEqual(
      ['debian', 'dev', 'fhs', 'here', 'local'].map(
        (name) => `[paths.${name}] lock_file: $lock_dir/master.lck`,
      ),
    );
    expect(showConfig(config, { key: 'nope' })).toEqual([]);
  });

  test('nothing: everything, sections sorted', () => {
    const lines = showConfig(config, {});
    expect(lines[0]).toBe('[ARC] authserv_id: ');
    expect(lines.at(-1)).toBe('[webservice] workers: 2');
    expect(lines).toContain('[runner.retry] sleep_time: 15m');
  });

  test('unknown names are wrong usage', () => {
    expect(() => showConfig(config, { section: 'nope' })).toThrow(new UsageError('No such section: nope'));
    expect(() => showConfig(config, { section: 'mta', key: 'nope' })).toThrow(
      new UsageError('Section mta: No such key: nope'),
    );
    expect(() => showConfig(config, { section: 'mta', key: 'constructor' })).toThrow(UsageError);
  });
});

import { describe, expect, test } from 'vitest';
import { readArchiverSettings, readPostfixSettings } from '../../src/config/external.ts';
import { folder, load, write } from './helpers.ts';

/** The configurations of five operators' guides; the values and section names are theirs. */
describe('ArchWiki', () => {
  test('MariaDB', () => {
    const { database } = load(
      '[database]\nclass: mailman.database.mysql.MySQLDatabase\nurl: mysql+pymysql://myuser:mypassword@mymysqlhost/mailman?charset=utf8&use_unicode=1\n',
    );
    expect(database).toMatchObject({
      class: 'mysql',
      url: 'mysql+pymysql://myuser:mypassword@mymysqlhost/mailman?charset=utf8&use_unicode=1',
    });
  });

  test('PostgreSQL and SQLite', () => {
    const postgres =
      '[database]\nclass: mailman.database.postgresql.PostgreSQLDatabase\nurl: postgres://myuser:mypassword@mypghost/mailman\n';
    expect(load(postgres).database.class).toBe('postgresql');
    expect(load('[database]\nurl: sqlite:////var/lib/mailman/data/mailman.db\n').database.url).toBe(
      'sqlite:////var/lib/mailman/data/mailman.db',
    );
  });

  test('REST, ARC, and Postfix with a file of its own', () => {
    const file = write(
      `${folder()}/postfix-mailman.cfg`,
      '[postfix]\npostmap_command: /usr/bin/postmap\ntransport_file_type: regex\n',
    );
    const config = load(`[webservice]
admin_user: my_new_admin_user_name
admin_pass: my_new_admin_user_password

[ARC]
enabled: yes
authserv_id: mailserver.tld
trusted_authserv_ids: subdomain.mailserver.tld, other.mailserver.tld
privkey: /path/to/privatekey.pem
selector: test
domain: mailserver.tld

[mta]
incoming: mailman.mta.postfix.LMTP
outgoing: mailman.mta.deliver.deliver
lmtp_host: 127.0.0.1
lmtp_port: 8024
smtp_host: localhost
smtp_port: 25
configuration: ${file}
`);
    expect(config.webservice.admin_user).toBe('my_new_admin_user_name');
    expect(config.ARC).toMatchObject({
      enabled: true,
      trusted_authserv_ids: ['subdomain.mailserver.tld', 'other.mailserver.tld'],
    });
    expect(readPostfixSettings(config)).toEqual({
      postmap_command: '/usr/bin/postmap',
      transport_file_type: 'regex',
      isCommandGiven: true,
    });
  });

  test('HyperKitty', () => {
    const file = write(
      `${folder()}/mailman-hyperkitty.cfg`,
      '[general]\nbase_url: https://example.tld/hyperkitty/\napi_key: super_secret_password\n',
    );
    const config = load(
      `[archiver.hyperkitty]\nclass: mailman_hyperkitty.Archiver\nenable: yes\nconfiguration: ${file}\n`,
    );
    expect(config.archivers.get('hyperkitty')).toMatchObject({ kind: 'hyperkitty', enable: true });
    expect(readArchiverSettings(config, 'hyperkitty')).toEqual({
      base_url: 'https://example.tld/hyperkitty/',
      api_key: 'super_secret_password',
    });
  });
});

describe('OSSTech', () => {
  test('site owner, archivers with an empty configuration, ARC with a key in mixed case', () => {
    const config = load(`[mailman]
site_owner: listmanager@example.com

[archiver.prototype]
enable: yes

[archiver.hyperkitty]
class: mailman_hyperkitty.Archiver
enable: yes
configuration:

[ARC]
enabled: yes
authserv_id: mm-builtin-arc.ml.example.com
domain: ml.example.com
selector: arc
privkey: /opt/osstech/etc/mailman/private/arc._domainkey.ml.example.com.key
dkim: yes
dmARC: yes
`);
    expect(config.mailman.site_owner).toBe('listmanager@example.com');
    expect(config.archivers.get('prototype')?.enable).toBe(true);
    expect(readArchiverSettings(config, 'hyperkitty')).toEqual({});
    expect(config.ARC).toMatchObject({ enabled: true, dmarc: true });
  });

  test('ARC of which only the names are given', () => {
    expect(
      load('[ARC]\nauthserv_id: mm-builtin-arc.ml.example.com\ntrusted_authserv_ids: ml.example.com\n').ARC
        .enabled,
    ).toBe(false);
  });
});

describe("Mailman's pages on mail servers", () => {
  test('Postfix on another host', () => {
    const { mta } = load(
      '[mta]\nincoming: mailman.mta.postfix.LMTP\noutgoing: mailman.mta.deliver.deliver\nlmtp_host: mail.example.com\nlmtp_port: 8024\nsmtp_host: mail.example.com\nsmtp_port: 25\n',
    );
    expect(mta).toMatchObject({ incoming: 'postfix', lmtp_host: 'mail.example.com', smtp_port: 25 });
  });

  test('Exim', () => {
    const { mta } = load(`[mta]
# For all installations.
incoming: mailman.mta.exim4.LMTP
outgoing: mailman.mta.deliver.deliver
lmtp_host: localhost
smtp_host: localhost
lmtp_port: 8024
smtp_port: 25
configuration: python:mailman.config.exim4
`);
    expect(mta.incoming).toBe('exim4');
    expect(mta.configuration).toEqual({ kind: 'builtin', module: 'mailman.config.exim4' });
  });

  test('qmail', () => {
    expect(load('[mta]\nincoming: mailman.mta.null.NullMTA\nlmtp_port: 8024\n').mta.incoming).toBe('null');
  });
});

test('checklist for Postfix: the built-in Postfix settings', () => {
  const config = load(
    '[mta]\nconfiguration: python:mailman.config.postfix\n[database]\nurl: sqlite:///$DATA_DIR/mailman.db\n',
  );
  expect(readPostfixSettings(config)).toEqual({
    postmap_command: '/usr/sbin/postmap',
    transport_file_type: 'hash',
    isCommandGiven: false,
  });
});

test('Uberspace: no root, custom paths', () => {
  const config = load(` [mta]
 incoming: mailman.mta.null.NullMTA
 lmtp_host: 0.0.0.0
 smtp_host: stardust.uberspace.de
 lmtp_port: 8024
 smtp_port: 587
 smtp_secure_mode: starttls
 smtp_user: forwarder@isabell.uber.space
 smtp_pass: mailpassword
 max_recipients: 100

 [webservice]
 hostname: 0.0.0.0
 port: 8001
 use_https: no
 admin_user: restadmin
 admin_pass: restpass
 api_version: 3.1

 [paths.custom]
 var_dir: /home/isabell/var/mailman
 bin_dir: /home/isabell/.local/bin
 etc_dir: /home/isabell/etc/mailman
 log_dir: /home/isabell/logs/mailman
 tmp_dir: /home/isabell/tmp/mailman

 queue_dir: $var_dir/queue
 list_data_dir: $var_dir/lists
 lock_dir: $var_dir/locks
 data_dir: $var_dir/data
 cache_dir: $var_dir/cache
 messages_dir: $var_dir/messages
 archive_dir: $var_dir/archives
 template_dir: $var_dir/templates
 pid_file: $var_dir/master.pid
 lock_file: $var_dir/master.lck

 [mailman]
 layout: custom

 [archiver.hyperkitty]
 class: mailman_hyperkitty.Archiver
 enable: yes
 configuration: /home/isabell/etc/mailman/mailman-hyperkitty.cfg
`);
  expect(config.paths).toMatchObject({
    lock_file: '/home/isabell/var/mailman/master.lck',
    log_dir: '/home/isabell/logs/mailman',
    tmp_dir: '/home/isabell/tmp/mailman',
  });
  expect(config.mta).toMatchObject({ smtp_secure_mode: 'starttls', smtp_port: 587, max_recipients: 100 });
  expect(config.archivers.get('hyperkitty')?.configuration).toEqual({
    kind: 'file',
    path: '/home/isabell/etc/mailman/mailman-hyperkitty.cfg',
  });
});

describe('files of other versions of Mailman', () => {
  test("Debian's sections", () => {
    const config = load(`[mailman]
layout: debian
pre_hook:
post_hook:
[shell]
prompt: >>>
banner: Welcome
use_ipython: no
[paths.debian]
var_dir: /var/lib/mailman3
queue_dir: $var_dir/queue
[logging.debian]
format: %(asctime)s (%(process)d) %(message)s
datefmt: %b %d %H:%M:%S %Y
propagate: no
level: info
path: mailman.log
[bounces]
register_bounces_every: 15m
[styles]
default: legacy-default
`);
    expect(config.loggers.get('debian')?.path).toBe('/var/log/mailman3/mailman.log');
    expect(config.notices).toEqual([]);
  });

  test('newer and older sections and keys load; what has no effect is noted', () => {
    const config = load(`[logging.gunicorn]
level: debug
[logging.smtp-failure]
path: smtp.log
[styles]
paths:
    mailman.styles
default: legacy-default
[plugin.example]
class: example.Plugin
enabled: yes
component_package: example
[runner.special]
class: example.Runner
start: no
[mailman]
pre_hook: example.hook
`);
    expect(config.loggers.get('gunicorn')?.level).toBe('debug');
    expect(config.plugins.get('example')?.enabled).toBe(true);
    expect(config.runners.get('special')?.kind).toBeUndefined();
    expect(config.notices.map((line) => line.replace(/^.*mailman\.cfg/, 'FILE'))).toEqual([
      'FILE:6: [styles] paths: of an earlier version of Mailman, has no effect',
      'FILE:17: [mailman] pre_hook: a Python function, is not run',
      'FILE:10: [plugin.example] class: a Python plugin, is not run',
    ]);
  });

  test('a section of a category changes only the keys it gives', () => {
    const config = load(
      '[runner.retry]\nsleep_time: 5m\n[runner.master]\nmax_restarts: 3\n[archiver.master]\nclobber_skew: 2d\n',
    );
    expect(config.runners.get('retry')).toMatchObject({ sleep_time: 300, kind: 'retry', max_restarts: 3 });
    expect(config.archivers.get('prototype')?.clobber_skew).toBe(2 * 86_400);
    expect(config.raw('archiver.master')?.clobber_skew).toBe('2d');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { load } from './helpers.ts';

const table = readFileSync(new URL('defaults.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'));

/** A section that adds nothing to its pattern, where Mailman does not list the pattern itself. */
const PLAIN_MEMBER: Record<string, string> = {
  'paths.master': 'paths.local',
  'language.master': 'language.en',
  'logging.template': 'logging.error',
  'runner.master': 'runner.mine',
};

describe('defaults of Mailman 3', () => {
  const config = load('[runner.mine]\nstart: yes\nclass: mailman.runners.archive.ArchiveRunner\n');

  test.each(table)('[%s] %s', (section = '', key = '', value = '') => {
    if (section === 'runner.master' && key === 'class') return;
    const raw = config.raw(PLAIN_MEMBER[section] ?? section);
    expect(raw?.[key]).toBe(value.replaceAll('⏎', '\n'));
  });

  test('no section of Mailman has a key that the table does not', () => {
    const known = new Set(table.map(([section, key]) => `${section} ${key}`));
    const ours = new Set(['web', 'archive', 'cutover', 'legacy', 'metrics', 'rest']);
    const extra = config
      .rawSections()
      .filter(
        (section) =>
          !ours.has(section) && !/^(paths|runner|logging|language|archiver\.m[ah]|archiver\.p)/.test(section),
      )
      .flatMap((section) => Object.keys(config.raw(section) ?? {}).map((key) => `${section} ${key}`))
      .filter((name) => !known.has(name));
    expect(extra).toEqual(['shell banner']);
  });
});

describe('sections as shipped', () => {
  const config = load('');

  test.each([
    ['archive', 'mailman.runners.archive.ArchiveRunner', 'archive', 1, true],
    ['bad', 'mailman.runners.fake.BadRunner', 'bad', 1, false],
    ['bounces', 'mailman.runners.bounce.BounceRunner', 'bounces', 120, true],
    ['command', 'mailman.runners.command.CommandRunner', 'command', 1, true],
    ['digest', 'mailman.runners.digest.DigestRunner', 'digest', 1, true],
    ['in', 'mailman.runners.incoming.IncomingRunner', 'in', 1, true],
    ['lmtp', 'mailman.runners.lmtp.LMTPRunner', '', 1, true],
    ['nntp', 'mailman.runners.nntp.NNTPRunner', 'nntp', 1, true],
    ['out', 'mailman.runners.outgoing.OutgoingRunner', 'out', 1, true],
    ['pipeline', 'mailman.runners.pipeline.PipelineRunner', 'pipeline', 1, true],
    ['rest', 'mailman.runners.rest.RESTRunner', '', 1, true],
    ['retry', 'mailman.runners.retry.RetryRunner', 'retry', 900, true],
    ['shunt', 'mailman.runners.fake.ShuntRunner', 'shunt', 1, false],
    ['task', 'mailman.runners.task.TaskRunner', '', 60, true],
    ['virgin', 'mailman.runners.virgin.VirginRunner', 'virgin', 1, true],
  ])('runner.%s', (name, cls, queue, pause, start) => {
    expect(config.runners.get(name)).toMatchObject({
      class: cls,
      kind: name,
      path: queue === '' ? '' : `${config.paths.queue_dir}/${queue}`,
      sleep_time: pause,
      start,
      instances: 1,
      max_restarts: 10,
    });
  });

  test('there are no other runners', () => {
    expect(config.runners.size).toBe(15);
  });

  test('languages: English in ASCII, thirty-eight others in UTF-8, all enabled', () => {
    expect(config.languages.get('en')).toMatchObject({ description: 'English (USA)', charset: 'us-ascii' });
    expect(config.languages.get('pt_BR')).toMatchObject({
      description: 'Portuguese (Brazil)',
      charset: 'utf-8',
    });
    expect(config.languages.get('ja')).toMatchObject({
      description: 'Japanese',
      charset: 'utf-8',
      enabled: true,
    });
    expect([...config.languages.keys()].sort()).toEqual(
      `ar ast bg ca cs da de el en es et eu fi fr gl he hr hu ia it ja ko lt nl no pl pt pt_BR ro ru sk sl sr sv tr uk vi
       zh_CN zh_TW`.split(/\s+/),
    );
    expect([...config.languages.values()].every((language) => language.enabled)).toBe(true);
  });

  test('loggers', () => {
    expect([...config.loggers.keys()].sort()).toEqual(
      `archiver bounce config database debug error fromusenet http locks mischief plugins root runner smtp subscribe task
       vette`.split(/\s+/),
    );
    expect(config.loggers.get('bounce')?.path).toBe(`${config.paths.log_dir}/bounce.log`);
    expect(config.loggers.get('database')?.level).toBe('warn');
    expect(config.raw('logging.http')?.format).toBe('%(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"');
    expect(config.loggers.get('smtp')?.success).toBe('$msgid post to $listname from $sender, $size bytes');
    expect(config.loggers.get('error')?.success).toBeUndefined();
  });

  test('archivers, all switched off', () => {
    expect([...config.archivers.values()].map(({ name, kind, enable }) => [name, kind, enable])).toEqual([
      ['mail_archive', 'mail-archive', false],
      ['mhonarc', 'mhonarc', false],
      ['prototype', 'prototype', false],
    ]);
  });

  test('a section list like that of the REST API: sorted, upper case first, two patterns in it', () => {
    const sections = config.rawSections();
    expect(sections.slice(0, 4)).toEqual(['ARC', 'antispam', 'archive', 'archiver.mail_archive']);
    expect(sections.filter((name) => /\.(master|template)$/.test(name))).toEqual([
      'archiver.master',
      'plugin.master',
    ]);
    expect(sections.at(-1)).toBe('webservice');
    expect(config.raw('language.fr')).toEqual({ description: 'French', charset: 'utf-8', enabled: 'yes' });
    expect(config.raw('nope')).toBeUndefined();
  });

  test('typed values', () => {
    expect(config.mailman.sender_headers).toEqual(['from', 'from_', 'reply-to', 'sender']);
    expect(config.mailman.pending_request_life).toBe(3 * 86_400);
    expect(config.mta.incoming).toBe('postfix');
    expect(config.mta.outgoing).toBe('deliver');
    expect(config.database.class).toBe('sqlite');
    expect(
      config.mta.verp_regexp.exec('ant-bounces+anne=example.com@lists.example.org')?.groups,
    ).toMatchObject({
      bounces: 'ant-bounces',
      local: 'anne',
      domain: 'example.com',
    });
    expect(config.nntp.host).toBeUndefined();
    expect(config.nntp.port).toBeUndefined();
    expect(config.nntp.rewrite_duplicate_headers[1]).toEqual(['CC', 'X-Original-CC']);
    expect(config.ARC.sig_headers).toHaveLength(28);
    expect(config.web.base_url).toBe('http://127.0.0.1:8000');
  });
});

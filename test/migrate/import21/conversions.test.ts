import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertConfig, type ImportPlan } from '../../../migrate/import21/convert.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { runs } from '../../support/properties.ts';
import { PYTHON3 } from '../pickle/judge.ts';

/** Conversions that deserve more cases than the lists of the fixtures have. */

const bytes = (text: string) => PyBytes.utf8(text);
const texts = (...items: string[]) => items.map(bytes);

function convert(settings: Readonly<Record<string, PickleValue>>, charset = 'utf-8'): ImportPlan {
  const config = new PyDict(Object.entries(settings).map(([key, value]) => [bytes(key), value]));
  const list = { listName: 'ant', mailHost: 'lists.example.com' };
  return convertConfig(config, { list, charset, languages: new Set(['en']) });
}

describe('placeholders', () => {
  /** What Mailman 2.1 puts for them, without its lists of attributes: `%` formatting, or dollars turned into it. */
  const JUDGE = `import json, re, string, sys
values = {'real_name': 'Ant', 'host_name': 'h', 'user_name': 'Anne', 'cgiext': '', 'web_page_url': 'http://$x/'}
here = {'display_name': 'Ant', 'domain': 'h', 'user_name': 'Anne'}
for line in sys.stdin:
    old, new, dollars = json.loads(line)
    if dollars:
        then = re.sub(r'\\$\\$|\\$([_a-zA-Z]\\w*)|\\$\\{([_a-zA-Z]\\w*)\\}', lambda m: '$' if m.group(0) == '$$' else values.get(m.group(1) or m.group(2), m.group(0)), old)
    else:
        then = re.sub(r'%%|%\\((\\w+)\\)s', lambda m: '%' if m.group(0) == '%%' else values.get(m.group(1), m.group(0)), old)
    now = string.Template(new).safe_substitute(here)
    print(json.dumps([then, now]))`;

  function expectSame(originals: readonly string[], dollars: boolean): void {
    const jobs = originals.map((original) => {
      const plan = convert({
        msg_footer: bytes(original),
        web_page_url: bytes('http://$x/'),
        use_dollar_strings: dollars ? 1 : 0,
      });
      const [template] = plan.templates;
      const text = template && 'text' in template.source ? template.source.text : '';
      return JSON.stringify([original, text, dollars]);
    });
    const { stdout } = spawnSync(PYTHON3, ['-c', JUDGE], { input: jobs.join('\n'), encoding: 'utf8' });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string]);
    expect(answers).toHaveLength(originals.length);
    for (const [index, [then, now]] of answers.entries()) {
      expect({ original: originals[index], text: now }).toEqual({ original: originals[index], text: then });
    }
  }

  const pieces = [
    '%(real_name)s',
    '%(host_name)s',
    '%(cgiext)s',
    '%(web_page_url)s',
    '%(nobody)s',
    '%%',
    '%',
    '$',
    '$$',
    'a',
    '{',
    '(',
    '5',
    ' ',
    '_',
  ];

  it('mean what they meant, per cent signs and dollars stay', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
    expectSame(fc.sample(text, runs(2000)), false);
  });

  it('do so with dollar strings', () => {
    const dollarPieces = [
      '$real_name',
      '$' + '{host_name}',
      '$cgiext',
      '$nobody',
      '$$',
      '$5',
      '%',
      '% ',
      'a',
      ' ',
      '.',
    ];
    const text = fc.array(fc.constantFrom(...dollarPieces), { maxLength: 8 }).map((parts) => parts.join(''));
    expectSame(fc.sample(text, runs(2000)), true);
  });

  it('that nobody knows are named', () => {
    const { notes } = convert({ msg_footer: bytes('%(nobody)s %(user_password)s') });
    expect(notes.all).toContainEqual({
      kind: 'needs_person',
      subject: 'msg_footer',
      text: '%(nobody)s is unknown and stays in the text as it is',
    });
    expect(notes.all).toContainEqual({
      kind: 'changed_meaning',
      subject: 'msg_footer',
      text: '%(user_password)s is gone from the text: passwords are not mailed here',
    });
  });
});

describe('DMARC', () => {
  const MITIGATIONS = ['no_mitigation', 'munge_from', 'wrap_message', 'reject', 'discard'];

  /** What Mailman 2.1 does with a post: the action for DMARC where the domain asks for it, else `from_is_list`. */
  function mailman21(fromIsList: number, action: number, isProtected: boolean): string | undefined {
    return MITIGATIONS[isProtected && action > 0 ? action : fromIsList];
  }

  it.each([0, 1, 2].flatMap((fromIsList) => [0, 1, 2, 3, 4].map((action) => [fromIsList, action] as const)))(
    'with from_is_list %i and dmarc_moderation_action %i does to each post what was done',
    (fromIsList, action) => {
      const { settings } = convert({ from_is_list: fromIsList, dmarc_moderation_action: action });
      for (const isProtected of [true, false]) {
        const here =
          settings.dmarc_mitigate_unconditionally ||
          (isProtected && settings.dmarc_mitigate_action !== 'no_mitigation')
            ? settings.dmarc_mitigate_action
            : settings.from_is_list;
        expect([isProtected, here]).toEqual([isProtected, mailman21(fromIsList, action, isProtected)]);
      }
    },
  );

  it('that older versions did not have is none', () => {
    expect(convert({ from_is_list: 1 }).settings).toMatchObject({
      dmarc_mitigate_action: 'munge_from',
      dmarc_mitigate_unconditionally: true,
    });
  });
});

describe('nonmembers', () => {
  const actions = (settings: Readonly<Record<string, PickleValue>>) =>
    [...convert(settings).members()]
      .filter(({ role }) => role === 'nonmember')
      .map(({ mailbox, moderationAction }) => `${mailbox.address} ${moderationAction}`);

  it('have the action of the first list that names them, be it by a pattern', () => {
    expect(
      actions({
        accept_these_nonmembers: texts('Good@Example.com', '^.*@trusted\\.example$', '^(broken'),
        hold_these_nonmembers: texts('maybe@example.com', 'good@example.com', '@staff'),
        reject_these_nonmembers: texts('one@trusted.example'),
        discard_these_nonmembers: texts('maybe@example.com', 'bad@example.com', 'no address'),
      }),
    ).toEqual([
      'Good@Example.com defer',
      'maybe@example.com hold',
      'one@trusted.example defer',
      'bad@example.com discard',
    ]);
  });
});

describe('single settings', () => {
  it('of the archive are private where in doubt, and kept where nothing is archived', () => {
    expect(convert({ archive: 1 }).settings.archive_policy).toBe('private');
    expect(convert({ archive: 1, archive_private: 0 }).settings.archive_policy).toBe('public');
    expect(convert({ archive: 1, archive_private: bytes('x') }).settings.archive_policy).toBe('private');
    const off = convert({ archive: 0, archive_private: 0 });
    expect([off.settings.archive_policy, off.legacySettings.get('archive_private')]).toEqual(['never', 0]);
  });

  it('name a domain that the list has left', () => {
    const { notes, legacySettings } = convert({ host_name: bytes('old.example.org') });
    expect(legacySettings.get('host_name')).toBe('old.example.org');
    expect(notes.all.map(({ text }) => text)).toContain(
      'the list was at old.example.org and is at lists.example.com now',
    );
  });

  it('keep subject prefixes with their numbers and blanks', () => {
    expect(convert({ subject_prefix: '[Ant %05d] ' }).settings.subject_prefix).toBe('[Ant %05d] ');
  });

  it('take very old members without a status from their option bit', () => {
    const plan = convert({
      members: new PyDict([[bytes('old@example.com'), 0]]),
      user_options: new PyDict([[bytes('old@example.com'), 1]]),
    });
    expect([...plan.members()][0]?.preferences.delivery_status).toBe('unknown');
  });

  it('take passwords in every form that Mailman 2.1 has had', () => {
    const { settings, notes } = convert({
      password: new PyBytes('0123456789abcdef0123456789abcdef01234567'),
      mod_password: new PyBytes('\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\xff'),
      post_password: new PyBytes('abJnggxhB/yWI'),
    });
    expect(settings).toMatchObject({
      admin_password: 'mailman21:sha1:0123456789abcdef0123456789abcdef01234567',
      moderator_password: 'mailman21:md5:000102030405060708090a0b0c0d0eff',
      poster_password: 'mailman21:crypt:abJnggxhB/yWI',
    });
    expect(notes.all).toEqual([]);
  });

  it('read bytes that ISO 8859-1 has no characters for as Windows does, and say so', () => {
    const { settings, notes, texts } = convert({ info: new PyBytes('\x84Gr\xfc\xdfe\x93') }, 'iso-8859-1');
    expect(settings.info).toBe('„Grüße“');
    expect(texts.misread).toEqual([
      { where: 'info', problem: 'not in iso-8859-1; read as windows-1252', text: '„Grüße“' },
    ]);
    expect(notes.all).toEqual([]);
  });

  it('keep the parts of a topic', () => {
    const topic = new PyTuple([bytes('bugs'), bytes('bug\r\ndefect'), bytes('Bugs'), false]);
    expect(convert({ topics: [topic, 5] }).settings.topics).toEqual([
      { name: 'bugs', patterns: 'bug\r\ndefect', description: 'Bugs' },
    ]);
    expect(convert({ topics: [topic, 5] }).legacySettings.has('topics')).toBe(true);
  });
});

import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { install, succeed } from '../../support/mailman.ts';
import { PYTHON3 } from '../pickle/judge.ts';
import { addressOf, type Exported, expectedLists, exportOf, fixture } from './site.ts';

/** How texts of a list arrive that are templates here, and the templates of its folder. */

const server = install();
const exported = new Map<string, Exported>();

beforeAll(() => {
  for (const name of expectedLists.keys()) {
    if (name === 'bigcrowd' || name === 'broken-last') continue;
    succeed(server.mailman('import21', '--create', addressOf(name), fixture(name)));
    exported.set(name, exportOf(server, addressOf(name)));
  }
});

function templateOf(list: string, name: string, language = ''): string | undefined {
  return exported.get(list)?.templates.find((one) => one.name === name && one.language === language)?.text;
}

/** What Python's `string.Template` makes of a text, as Mailman does. */
function substitute(text: string, values: Record<string, string>): string {
  const script =
    'import json, string, sys; t, v = json.load(sys.stdin); sys.stdout.write(json.dumps(string.Template(t).safe_substitute(v)))';
  const { stdout } = spawnSync(PYTHON3, ['-c', script], {
    input: JSON.stringify([text, values]),
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as string;
}

const VALUES = {
  display_name: 'Ant',
  short_listname: 'ant',
  domain: 'lists.example.com',
  listname: 'ant@lists.example.com',
  description: 'About ants',
  info: 'All about ants',
  user_email: 'anne@example.com',
  user_email_in_url: 'anne@example.com',
  user_delivered_to: 'Anne@example.com',
  user_name_or_address: 'Anne Person',
  user_language: 'English',
};

const FOOTER = 'list:member:regular:footer';

describe('headers and footers', () => {
  it('says in the default footer what Mailman 2.1 says there', () => {
    expect(substitute(templateOf('plain', FOOTER) ?? '', VALUES)).toBe(
      '-- \nAnt mailing list\nAnt@lists.example.com\nhttp://lists.example.com/mailman/listinfo/ant\n',
    );
  });

  it('converts every placeholder and keeps a stray per cent sign', () => {
    const footer = templateOf('announce', FOOTER) ?? '';
    expect(substitute(footer, VALUES)).toBe(
      '_____\nAnt mailing list\nAnt@lists.example.com\nYou are Anne@example.com, password \n' +
        'Options: http://lists.example.com/mailman/options/ant/anne@example.com\n' +
        'http://lists.example.com/mailman/listinfo/ant\n100% satisfaction, lang English\n',
    );
    expect(substitute(templateOf('announce', 'list:member:regular:header') ?? '', VALUES)).toBe(
      '-- To: Anne Person <anne@example.com> ---\n',
    );
    expect(substitute(templateOf('announce', 'list:member:digest:footer') ?? '', VALUES)).toBe(
      '== end http://lists.example.com/mailman/listinfo/ant ==\n',
    );
  });

  it('reads dollar placeholders where the list uses them, and keeps a dollar that is none', () => {
    expect(substitute(templateOf('topics-digest', FOOTER) ?? '', VALUES)).toBe(
      'Ant list, $5, http://lists.example.com/mailman/listinfo/ant\n',
    );
  });

  it('keeps an empty footer empty instead of putting the usual one', () => {
    expect(templateOf('news-gw', FOOTER)).toBe('');
  });

  it('reads texts in the charset of the list', () => {
    expect(substitute(templateOf('nihongo-users', FOOTER) ?? '', VALUES)).toContain('Ant メーリングリスト\n');
    expect(templateOf('nihongo-users', 'list:member:digest:header')).toBe(
      'まとめ送りの先頭に付く文章です。\n',
    );
    expect(templateOf('vereinsrundbrief', 'list:member:regular:header')).toBe('Grüß Gott!\n');
  });

  it('leaves no placeholder of Mailman 2.1 in any template of any list', () => {
    const placeholders = [...exported.entries()].flatMap(([list, { templates }]) =>
      templates
        .filter(({ name }) => !name.startsWith('mailman21:'))
        .flatMap(({ name, text }) =>
          (text.match(/%\(\w+\)s/g) ?? []).map((found) => `${list} ${name} ${found}`),
        ),
    );
    // Only the web knew an address under which a held post can be cancelled; the report names it.
    expect(placeholders).toEqual(['nihongo-users list:user:notice:hold %(confirmurl)s']);
  });
});

describe('notices', () => {
  it("puts the list's own words of welcome into a notice of welcome", () => {
    const welcome = substitute(templateOf('announce', 'list:user:notice:welcome') ?? '', VALUES);
    expect(welcome).toContain('\nWelcome aboard.\n\nRead the rules first.\n');
    expect(welcome).toContain('  ant@lists.example.com\n');
    expect(substitute(templateOf('nihongo-users', 'list:user:notice:welcome') ?? '', VALUES)).toContain(
      'ようこそ、Ant へ。\n過去の投稿は保存書庫をご覧ください。',
    );
  });

  it('greets in the language of the list', () => {
    expect(templateOf('vereinsrundbrief', 'list:user:notice:welcome')).toMatch(
      /^Willkommen auf der Mailingliste \$display_name!\n\nSchön, dass Sie da sind!\n\nSie sind nun mit der /,
    );
    expect(templateOf('nihongo-users', 'list:user:notice:welcome')).toMatch(
      /^メーリングリスト \$display_name /,
    );
  });

  it('says goodbye in the words of the list', () => {
    expect(templateOf('announce', 'list:user:notice:goodbye')).toBe('So long.');
    expect(templateOf('vereinsrundbrief', 'list:user:notice:goodbye')).toBe(
      'Auf Wiedersehen - wir würden uns über eine Rückkehr freuen.\n',
    );
    expect(templateOf('plain', 'list:user:notice:goodbye')).toBeUndefined();
  });
});

describe("templates of the list's folder", () => {
  it('take part in their language, decoded and converted', () => {
    const values = { ...VALUES, got_list_email: 'ant@x', subject: 'Sujet', reasons: 'Raison' };
    expect(substitute(templateOf('plain', 'list:member:digest:masthead', 'en') ?? '', values)).toBe(
      'Send Ant submissions to ant@x\nAll else: http://lists.example.com/mailman/listinfo/ant\n',
    );
    expect(substitute(templateOf('vereinsrundbrief', 'list:user:notice:welcome', 'de') ?? '', VALUES)).toBe(
      'Willkommen beim Rundbrief Ant.\n\nSchön, dass Sie da sind!\nAdresse: anne@example.com  Kennwort: \n' +
        'Ändern: http://lists.example.com/mailman/options/ant/anne@example.com\n',
    );
    expect(substitute(templateOf('vereinsrundbrief', 'list:user:notice:hold', 'fr') ?? '', values)).toBe(
      'Votre message " Sujet " est en attente : Raison\n',
    );
    expect(templateOf('nihongo-users', 'list:user:notice:hold', 'ja')).toMatch(/^「\$\{subject\}」は承認/);
  });

  it('are kept under their old name where nothing here corresponds to them', () => {
    expect(templateOf('announce', 'mailman21:headfoot.html', 'en')).toBe('<hr>local header\n');
    expect(templateOf('nihongo-users', 'mailman21:listinfo.html', 'ja')).toContain('<MM-List-Info>');
  });

  it('are found by --list-dir when the settings come through a pipe', () => {
    const piped = install();
    const dir = fixture('plain', '');
    succeed(piped.shell(`$mailman import21 --create ant@example.com - < '${fixture('plain')}'`));
    expect(exportOf(piped, 'ant@example.com').templates.map(({ language }) => language)).toEqual(['', '']);
    succeed(piped.shell(`$mailman import21 --list-dir '${dir}' ant@example.com - < '${fixture('plain')}'`));
    expect(exportOf(piped, 'ant@example.com').templates.map(({ language }) => language)).toContain('en');
  });
});

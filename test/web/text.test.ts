import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { html } from '../../src/web/html.ts';
import { splitBlocks } from '../../src/web/text/blocks.ts';
import { inlineMarkup } from '../../src/web/text/inline.ts';
import { obscureMail, obscureText } from '../../src/web/text/obscure.ts';
import { renderText } from '../../src/web/text/render.ts';
import { de } from '../../src/web/texts/de.ts';
import { en } from '../../src/web/texts/en.ts';
import { fr } from '../../src/web/texts/fr.ts';
import { speakerFor } from '../../src/web/texts/index.ts';
import { ja } from '../../src/web/texts/ja.ts';
import { processorTime } from '../support/processor-time.ts';

test('a template escapes every hole but markup', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  expect(html`<p title="${'"x'}">${inner}${[1, 'a<']}${undefined}${false}${'\u0000\ud800'}</p>`.markup).toBe(
    '<p title="&quot;x"><b>&lt;&amp;&gt;&quot;&#39;</b>1a&lt;\ufffd\ufffd</p>',
  );
});

describe('the text of a mail', () => {
  const kinds = (mail: string) => splitBlocks(mail).map(({ kind }) => kind);
  test.each([
    ['A line that a mailer broke at about seventy characters, as they do,\nand its end.\n', ['prose']],
    ['Anne Person\n12 Some Street\nSomewhere\n', ['lines']],
    ['> a\n> b\n\nc\n', ['quote', 'prose']],
    ['x\n-- \nAnne\n', ['prose', 'signature']],
    ['x\n_______________________________________________\nAnt mailing list\n', ['prose', 'signature']],
    ['a     b     c\n1     2     3\n\n4     5     6\n', ['code']],
    ['diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n', ['code']],
    ['* one item that is long enough to be taken for a line of prose\n* and another one\n', ['lines']],
    ['\n\n', []],
  ])('%j is %j', (mail, expected) => {
    expect(kinds(mail)).toEqual(expected);
  });

  test('is quoted on the side where its lines begin', async () => {
    const options = { say: await speakerFor(['en']), isObscured: false, limit: 1000, permalink: '/there' };
    const quote = (line: string) => renderText(`> ${line}\n`, options).markup.markup;
    expect(quote('1. שלום Mailman')).toContain('<blockquote dir="rtl">');
    expect(quote('مرحبا')).toContain('<blockquote dir="rtl">');
    expect(quote('Mailman שלום')).toContain('<blockquote>');
    expect(quote('123')).toContain('<blockquote>');
  });

  test('is cut at its limit, long quotes first', async () => {
    const say = await speakerFor(['en']);
    const quote = 'words\n\n'.repeat(2000);
    const options = { say, isObscured: false, limit: 1000, permalink: '/there' };
    const first = renderText(`${quote}\nMy own words.\n`, options);
    expect(first.isCut).toBe(true);
    const fits = renderText(`${'> quoted\n'.repeat(90)}\nMy own words.\n`, options);
    expect(fits.isCut).toBe(false);
    expect(fits.markup.markup).toContain('<a href="/there">90 quoted lines</a>');
    expect(fits.markup.markup).toContain('My own words.');
    const long = renderText('word '.repeat(5000), options);
    expect(long.isCut).toBe(true);
    expect(long.markup.markup.length).toBeLessThan(1100);
  });

  test.each([
    '>'.repeat(100_000),
    '> '.repeat(50_000),
    `${'> '.repeat(100)}\n`.repeat(2000),
    ' '.repeat(200_000),
    'a@'.repeat(100_000),
    'http://'.repeat(30_000),
    `http://x${')'.repeat(50_000)}`,
    '\n'.repeat(100_000),
  ])('takes no time and no depth whatever is in it (%#)', async (hostile) => {
    const say = await speakerFor(['en']);
    const spent = processorTime();
    renderText(hostile, { say, isObscured: true, limit: 5_000_000, permalink: '/' });
    expect(spent()).toBeLessThan(1500);
  });
});

test.each([
  ['anne@people.example', 'anne(a)people.example'],
  ['<a.b+c@x.org>, "x"@y.org', '<a.b+c(a)x.org>, "x"@y.org'],
  ['übung@bücher.example', 'übung(a)bücher.example'],
  ['https://medium.example/@anne and a @ b', 'https://medium.example/@anne and a @ b'],
  ['root@[127.0.0.1]', 'root(a)[127.0.0.1]'],
])('%s becomes %s', (plain, hidden) => {
  expect(obscureText(plain)).toBe(hidden);
});

test('addresses are hidden wherever a download is cut', async () => {
  const mail =
    'From: a@b.example\nReferences: <1@x>\n\t<2@x>\nTo: c@d.example\n\ntext e@f.example\nend g@h.example';
  const expected =
    'From: a(a)b.example\nReferences: <1@x>\n\t<2@x>\nTo: c(a)d.example\n\ntext e(a)f.example\nend g(a)h.example';
  for (const size of [1, 2, 7, 1000]) {
    const pieces = mail.match(new RegExp(`[^]{1,${size}}`, 'g'))?.map((piece) => Buffer.from(piece)) ?? [];
    expect(await text(obscureMail(Readable.from(pieces)))).toBe(expected);
  }
});

test.each([
  [
    'see http://a.example/x.',
    'see <a href="http://a.example/x" rel="nofollow ugc noopener noreferrer">http://a.example/x</a>.',
  ],
  [
    '(http://a.example/x_(y))',
    '(<a href="http://a.example/x_(y)" rel="nofollow ugc noopener noreferrer">http://a.example/x_(y)</a>)',
  ],
  ['javascript:alert(1)', 'javascript:alert(1)'],
])('links in %j', (line, markup) => {
  expect(inlineMarkup(line, false)).toBe(markup);
});

test('a link with an address in it does not give that away', () => {
  expect(inlineMarkup('http://a.example/?to=anne@people.example', true)).not.toContain('anne@people');
});

describe.each([
  ['German', de],
  ['French', fr],
  ['Japanese', ja],
])('the texts in %s', (_, texts) => {
  const namesIn = (one: string): string[] =>
    [...one.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
  test('have the same names to fill in as in English', () => {
    for (const [key, one] of Object.entries(en))
      expect.soft(namesIn(texts[key as keyof typeof en]), key).toEqual(namesIn(one));
  });

  test('are translated', () => {
    const same = Object.keys(en).filter(
      (key) => texts[key as keyof typeof en] === en[key as keyof typeof en],
    );
    // The same words in German or French.
    expect(
      same.filter(
        (key) =>
          !/^(?:nav_feed|list_owner|messages_one|messages_other|message_date|people_one|people_other|page_navigation|moderation_title|options_title|settings_title)$/.test(
            key,
          ),
      ),
    ).toEqual([]);
  });
});

test('numbers and dates are written as people of the language write them', async () => {
  const time = Date.UTC(2024, 2, 9, 17, 4);
  const written = await Promise.all(
    ['en', 'de', 'fr', 'ja'].map(async (code) => {
      const say = await speakerFor([code]);
      return [say.moment(time), say.month(2024, 3), say.count('messages', 1234), say.count('messages', 1)];
    }),
  );
  expect(written[0]).toEqual(['9 Mar 2024, 17:04', 'March 2024', '1,234 messages', '1 message']);
  expect(written[1]).toEqual(['9. März 2024, 17:04', 'März 2024', '1.234 Nachrichten', '1 Nachricht']);
  expect(written[3]).toEqual(['2024年3月9日 17:04', '2024年3月', '1,234 通', '1 通']);
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { htmlToText } from '../../../src/flow/content-filter/html-to-text.ts';
import { mimeDelete } from '../../../src/flow/handlers/mime-delete.ts';
import { DiscardPost, type Post, RejectPost } from '../../../src/flow/post.ts';
import { Message } from '../../../src/message/message.ts';
import { partText, walk } from '../../../src/message/text.ts';
import type { ListSettings } from '../../../src/model/settings/index.ts';
import { type Enqueued, type FlowBench, openFlowBench } from '../../support/flow.ts';
import { throughPipeline } from '../../support/pipeline.ts';
import { processorTime } from '../../support/processor-time.ts';
import { defaultConfig } from '../../support/services.ts';

const HEADERS = 'From: anne@example.com\nTo: ant@example.com\nSubject: x\nMIME-Version: 1.0\n';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['owner@example.com'], { role: 'owner' });
});
afterEach(() => bench.close());

interface Outcome {
  readonly message: Message;
  readonly error: unknown;
  readonly enqueued: readonly Enqueued[];
}

async function filtered(source: string, settings: Partial<ListSettings>): Promise<Outcome> {
  await bench.set({ filter_content: true, collapse_alternatives: false, ...settings });
  const message = Message.parse(Buffer.from((HEADERS + source).replaceAll('\n', '\r\n')));
  const list = await bench.list();
  const post: Post = { list, message, metadata: { listid: list.listId } };
  let error: unknown;
  const enqueued = await bench.step(async (step) => {
    const config = {
      ...step.config,
      mailman: { ...step.config.mailman, html_to_plain_text_command: '/nonexistent $filename' },
    };
    try {
      await mimeDelete.process(post, { ...step, config });
    } catch (thrown) {
      error = thrown;
    }
  });
  return { message: Message.parse(post.message.toBuffer()), error, enqueued };
}

function shape(message: Message): string[] {
  return [...walk(message)].map(({ contentType }) => `${contentType.type}/${contentType.subtype}`);
}

const part = (headers: string, body: string): string => `--b\n${headers}\n${body}\n`;
const MIXED = [
  'Content-Type: multipart/mixed; boundary=b\n\n',
  part('Content-Type: text/plain\n', 'text'),
  part('Content-Type: image/gif\n', 'GIF'),
  part(
    'Content-Type: application/octet-stream; name=run.EXE\nContent-Disposition: attachment; filename="run.EXE"\n',
    'MZ',
  ),
  part('Content-Type: application/pdf; name=a.pdf\n', 'PDF'),
  '--b--\n',
].join('');
const ALTERNATIVE =
  'Content-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n';

test('a post of which nothing is taken keeps every byte', async () => {
  const { message } = await filtered(MIXED, { filter_types: ['video'] });
  expect(message.toBuffer().toString()).toBe((HEADERS + MIXED).replaceAll('\n', '\r\n'));
});

test('without filter_content nothing is looked at', async () => {
  const { message } = await filtered(MIXED, { filter_content: false, pass_types: ['text'] });
  expect(shape(message)).toHaveLength(5);
});

describe('parts are taken out', () => {
  test.each<[string, Partial<ListSettings>, string[]]>([
    [
      'by type',
      { filter_types: ['image/gif'] },
      ['multipart/mixed', 'text/plain', 'application/octet-stream', 'application/pdf'],
    ],
    ['by major type', { filter_types: ['IMAGE', 'application'] }, ['text/plain']],
    [
      'by extension, whatever its case',
      { filter_extensions: ['exe'] },
      ['multipart/mixed', 'text/plain', 'image/gif', 'application/pdf'],
    ],
    [
      'but for the types that pass',
      { pass_types: ['multipart', 'text/plain', 'image'] },
      ['multipart/mixed', 'text/plain', 'image/gif'],
    ],
    [
      'but for the extensions that pass',
      { pass_extensions: ['pdf'] },
      ['multipart/mixed', 'text/plain', 'image/gif', 'application/pdf'],
    ],
  ])('%s', async (_, settings, expected) => {
    const { message } = await filtered(MIXED, settings);
    expect(shape(message)).toEqual(expected);
    expect(message.headers.get('X-Content-Filtered-By')).toBe('Mailman/MimeDel 3.3.8');
  });

  test('a part that stays keeps its bytes', async () => {
    const { message } = await filtered(MIXED, { filter_types: ['image'] });
    const bytes = message.toBuffer().toString();
    expect(bytes).toContain('--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nPDF\r\n--b--\r\n');
  });

  test('however deep they stand, and in attached messages', async () => {
    const nested = [
      'Content-Type: multipart/mixed; boundary=o\n\n--o\n\ntext\n--o\nContent-Type: message/rfc822\n\n',
      `From: x@example.com\nSubject: inner\n${MIXED}--o--\n`,
    ].join('');
    const { message } = await filtered(nested, { filter_types: ['image'], filter_extensions: ['exe'] });
    expect(shape(message)).toEqual([
      ...[
        'multipart/mixed',
        'text/plain',
        'message/rfc822',
        'multipart/mixed',
        'text/plain',
        'application/pdf',
      ],
    ]);
  });

  test('an attached message that is itself what the list does not want', async () => {
    const attached = (headers: string): string =>
      `Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n${headers}\n\nMZ\n--b\n\nmore\n--b--\n`;
    const settings = { filter_types: ['image'], filter_extensions: ['exe'] };
    for (const headers of [
      'Content-Type: application/octet-stream; name="run.exe"',
      'Content-Type: image/png',
      'Content-Type: multipart/mixed',
    ])
      expect([headers, shape((await filtered(attached(headers), settings)).message)]).toEqual([
        headers,
        ['multipart/mixed', 'text/plain', 'text/plain'],
      ]);
  });

  test('names are read as mailers read them', async () => {
    const named = (parameter: string): string =>
      `Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: application/x\nContent-Disposition: attachment; ${parameter}\n\nMZ\n--b\n\nmore\n--b--\n`;
    for (const parameter of [
      'filename="a.pdf.exe"',
      "filename*=utf-8''run%2Eexe",
      'filename*0="run.e"; filename*1="xe"',
      'filename="=?utf-8?q?run=2Eexe?="',
      'filename="run.exe. "',
      "filename=run.exe; filename*=utf-8''a.txt",
      'filename="a.txt"; filename="run.exe"',
      'filename="a.txt"\nContent-Type: application/x; name="run.exe"',
    ])
      expect([
        parameter,
        shape((await filtered(named(parameter), { filter_extensions: ['exe'] })).message),
      ]).toEqual([parameter, ['multipart/mixed', 'text/plain', 'text/plain']]);
  });

  test('what cannot be looked into is not wanted', async () => {
    const hidden =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: multipart/mixed\n\n--c\nContent-Type: image/gif\n\nGIF\n--c--\n--b\n\nmore\n--b--\n';
    const { message } = await filtered(hidden, { filter_types: ['image'] });
    expect(shape(message)).toEqual(['multipart/mixed', 'text/plain', 'text/plain']);
  });
});

describe('what is left', () => {
  test('of alternatives the first', async () => {
    const { message } = await filtered(ALTERNATIVE, { collapse_alternatives: true });
    expect(shape(message)).toEqual(['text/plain']);
    expect(message.root.body.toString()).toBe('plain');
  });

  test('of alternatives inside of something else too', async () => {
    const source = `Content-Type: multipart/mixed; boundary=o\n\n--o\n${ALTERNATIVE}--o\nContent-Type: image/png\n\nPNG\n--o--\n`;
    const { message } = await filtered(source, { collapse_alternatives: true });
    expect(shape(message)).toEqual(['multipart/mixed', 'text/plain', 'image/png']);
  });

  test('a single part takes the place of its multipart, unless it is signed', async () => {
    const { message } = await filtered(MIXED, { pass_types: ['multipart', 'text/plain'] });
    expect(shape(message)).toEqual(['text/plain']);
    const signed =
      'Content-Type: multipart/signed; boundary=b\n\n--b\n\ntext\n--b\nContent-Type: application/x\n\ns\n--b--\n';
    const kept = await filtered(signed, { filter_types: ['application'], pass_types: [] });
    expect(shape(kept.message)).toEqual(['multipart/signed', 'text/plain']);
  });

  test('an empty text before a single part goes', async () => {
    const source =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\n--b\nContent-Type: image/gif\n\nGIF\n--b\nContent-Type: video/x\n\nV\n--b--\n';
    const { message } = await filtered(source, { filter_types: ['video'] });
    expect(shape(message)).toEqual(['image/gif']);
  });

  test('HTML as text', async () => {
    const source =
      'Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<h1>Größe</h1><p>One &amp; two</p>\n';
    const { message } = await filtered(source, { convert_html_to_plaintext: true });
    expect(shape(message)).toEqual(['text/plain']);
    expect(partText(message.root)).toBe('Größe\n\nOne & two\n');
  });
});

describe('a post of which nothing is left', () => {
  const IMAGE = 'Content-Type: image/png\n\nPNG\n';
  const only = { pass_types: ['text/plain'] };

  test.each<[string, string, Partial<ListSettings>]>([
    ["The message's content type was explicitly disallowed", IMAGE, { filter_types: ['image'] }],
    ["The message's content type was not explicitly allowed", IMAGE, only],
    [
      "The message's file extension was explicitly disallowed",
      'Content-Type: text/plain; name=a.exe\n\nx\n',
      { filter_extensions: ['exe'] },
    ],
    [
      "The message's file extension was not explicitly allowed",
      'Content-Type: text/plain; name=a.exe\n\nx\n',
      { pass_extensions: ['txt'] },
    ],
    [
      'After content filtering, the message was empty',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\nPNG\n--b--\n',
      { filter_types: ['image'] },
    ],
  ])('%s', async (reason, source, settings) => {
    const { error } = await filtered(source, { ...settings, filter_action: 'reject' });
    expect(error).toBeInstanceOf(RejectPost);
    expect((error as RejectPost).reasons).toEqual([reason]);
  });

  test('is discarded', async () => {
    const { error, enqueued } = await filtered(IMAGE, only);
    expect(error).toBeInstanceOf(DiscardPost);
    expect(enqueued).toEqual([]);
  });

  test('or returned to its author, as it was', async () => {
    await bench.join(['anne@example.com']);
    const source =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\nPNG\n--b--\n';
    await bench.set({ filter_content: true, filter_action: 'reject', filter_types: ['image'] });
    const enqueued = await throughPipeline(bench, HEADERS + source, { envelope_sender: 'anne@example.com' });
    expect(enqueued.map(({ queue, metadata }) => [queue, metadata.recipients])).toEqual([
      ['virgin', ['anne@example.com']],
    ]);
    expect(enqueued[0]?.message.toBuffer().toString()).toContain(
      '--b\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n',
    );
  });

  test('or sent to the owners, as it was', async () => {
    const { error, enqueued } = await filtered(IMAGE, { ...only, filter_action: 'forward' });
    expect(error).toBeInstanceOf(DiscardPost);
    expect(enqueued.map(({ queue, metadata }) => [queue, metadata.recipients])).toEqual([
      ['virgin', ['owner@example.com']],
    ]);
    expect(enqueued[0]?.message.toBuffer().toString()).toContain((HEADERS + IMAGE).replaceAll('\n', '\r\n'));
  });

  test('or set aside, where the site allows that', async () => {
    expect((await filtered(IMAGE, { ...only, filter_action: 'preserve' })).enqueued).toEqual([]);
    const config = defaultConfig();
    const allowing = await openFlowBench({
      config: { ...config, mailman: { ...config.mailman, filtered_messages_are_preservable: true } },
    });
    await bench.close();
    bench = allowing;
    const { enqueued } = await filtered(IMAGE, { ...only, filter_action: 'preserve' });
    expect(enqueued.map(({ queue }) => queue)).toEqual(['bad']);
  });
});

describe('HTML becomes text', () => {
  test.each([
    ['<p>One</p><p>Two</p>', 'One\n\nTwo\n'],
    ['a<br>b<br><br>c', 'a\nb\n\nc\n'],
    ['<ul><li>one</li><li>two</li></ul>', '* one\n* two\n'],
    ['see <a href="https://example.com/">this</a>.', 'see this <https://example.com/>.\n'],
    ['<a href="https://example.com/">https://example.com/</a>', 'https://example.com/\n'],
    ['<a href="javascript:x">x</a>', 'x\n'],
    ['<head><title>t</title><style>p{}</style></head><script>x()</script>text', 'text\n'],
    ['<pre>a\n  b</pre>', 'a\n  b\n'],
    ['  much\n\n  blank&nbsp;space  ', 'much blank space\n'],
    ['&lt;b&gt; &#8364; &auml;', '<b> € ä\n'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc\n'],
  ])('%s', (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  test('also of a page that is read in pieces', () => {
    const count = 50_000;
    const html = '<p>日本語 <a href="https://example.com/">x</a> 😀 &auml;</p>\n'.repeat(count);
    const text = Array<string>(count).fill('日本語 x <https://example.com/> 😀 ä').join('\n\n');
    expect(htmlToText(html) === `${text}\n`).toBe(true);
  });

  test('also where it was made to hurt', () => {
    const spent = processorTime();
    htmlToText('<div>'.repeat(200_000));
    htmlToText(`${'<a href="https://example.com/">x'.repeat(50_000)}`);
    htmlToText(`${'<'.repeat(200_000)}${'&amp'.repeat(100_000)}${' '.repeat(500_000)}`);
    htmlToText(`<pre>${' '.repeat(500_000)}x${'\n'.repeat(500_000)}</pre>`);
    expect(spent()).toBeLessThan(3000);
  });
});

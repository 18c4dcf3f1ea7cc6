import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { judge } from '../message/python.ts';
import { collect, type GoneDigest, sendAll } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { headerNames } from '../support/pipeline.ts';
import { defaultConfig } from '../support/services.ts';

let bench: FlowBench;
beforeEach(() => open());
afterEach(() => bench.close());

async function open(services: Parameters<typeof openFlowBench>[0] = {}): Promise<void> {
  bench = await openFlowBench(services);
  await bench.join(['dora@example.net'], { deliveryMode: 'mime_digests' });
}

async function digestOf(
  mails: readonly (string | Uint8Array)[],
  settings: Partial<ListSettings> = {},
): Promise<GoneDigest> {
  await bench.set(settings);
  await collect(bench, mails);
  const [digest] = await sendAll(bench);
  if (!digest) throw new Error('there is no digest');
  return digest;
}

interface JudgedPart {
  readonly type: string;
  readonly description: string | null;
  readonly text: string | null;
  readonly defects: number;
}

/** What Python's parser finds in a digest: the parts outside of the posts, and the posts. */
function judged({ message }: GoneDigest): {
  parts: JudgedPart[];
  posts: { headers: [string, string][]; body: string }[];
  epilogue: string;
  defects: number;
} {
  const [found] = judge<ReturnType<typeof judged>>(
    `
m = email.message_from_bytes(value.encode('latin-1'))
def text(p):
    if p.get_content_maintype() != 'text': return None
    return p.get_payload(decode=True).decode(p.get_content_charset()).replace('\\r\\n', '\\n')
def described(p):
    v = p['Content-Description']
    return None if v is None else str(email.header.make_header(email.header.decode_header(v)))
parts = [dict(type=p.get_content_type(), description=described(p), text=text(p), defects=len(p.defects)) for p in m.get_payload()]
digest = [p for p in m.get_payload() if p.get_content_type() == 'multipart/digest'][0]
posts = []
for p in digest.get_payload():
    inner = p.get_payload()[0]
    raw = inner.as_bytes().decode('latin-1')
    posts.append(dict(headers=[[k, str(v)] for k, v in inner.items()], body=raw.split('\\n\\n', 1)[-1].replace('\\r', '')))
return dict(parts=parts, posts=posts, epilogue=m.epilogue, defects=len(m.defects) + len(digest.defects))
`,
    [message.toBuffer().toString('latin1')],
  );
  if (!found) throw new Error('Python says nothing');
  return found;
}

test('headers stand in the order of Mailman, with the List headers of a post', async () => {
  const { message } = await digestOf([mail()]);
  expect(headerNames(message)).toEqual([
    ...['From', 'Subject', 'To', 'Reply-To', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'],
    ...['X-BeenThere', 'X-Mailman-Version', 'Precedence', 'List-Id', 'List-Help', 'List-Owner', 'List-Post'],
    ...['List-Subscribe', 'List-Unsubscribe'],
  ]);
  const { headers } = message;
  expect(headers.get('From')).toBe('ant-request@example.com');
  expect(headers.get('To')).toBe('ant@example.com');
  expect(headers.get('Reply-To')).toBe('ant@example.com');
  expect(headers.get('Precedence')).toBe('list');
  expect(headers.get('Date')).toMatch(/^Tue, 14 Nov 2023 \d\d:\d\d:20 [+-]\d{4}$/);
});

test('gets neither prefix nor frame of posts, nor its Reply-To, whatever the list sets', async () => {
  const { message } = await digestOf([mail()], {
    subject_prefix: '[Ant] ',
    reply_goes_to_list: 'explicit_header_only',
    reply_to_address: 'else@example.org',
    personalize: 'full',
  });
  expect(message.headers.get('Subject')).toBe('Ant Digest, Vol 1, Issue 1');
  expect(message.headers.getAll('Reply-To')).toEqual(['ant@example.com']);
  expect(message.headers.has('Cc')).toBe(false);
});

test('consists of masthead, topics, posts and footer, each with its description', async () => {
  const digest = judged(await digestOf([mail(), mail({ Subject: 'Again' })]));
  expect(digest.parts.map(({ type, description }) => [type, description])).toEqual([
    ['text/plain', 'Ant Digest, Vol 1, Issue 1'],
    ['text/plain', "Today's Topics (2 messages)"],
    ['multipart/digest', null],
    ['text/plain', 'Digest Footer'],
  ]);
  expect(digest.parts[1]?.text).toBe("Today's Topics:\n\n   1. Hello (Anne)\n   2. Again (Anne)\n");
  expect(digest.epilogue).toContain('End of Ant Digest, Vol 1, Issue 1');
  expect(digest.defects).toBe(0);
});

test('speaks the language of the list', async () => {
  const sent = await digestOf([mail({ Subject: '=?utf-8?b?5pel5pys6Kqe?=' })], { preferred_language: 'ja' });
  const digest = judged(sent);
  expect(sent.message.headers.get('Subject')).toMatch(/^Ant =\?utf-8\?b\?[^ ]+$/);
  expect(digest.parts.map(({ description }) => description)).toEqual([
    'Ant まとめ送り, 1 巻 1 号',
    '本日の話題 (1 通)',
    null,
    'まとめ送りの末尾',
  ]);
  expect(digest.parts[1]?.text).toBe('本日の話題:\n\n   1. 日本語 (Anne)\n');
  // Behind the last boundary there is no charset.
  expect(digest.epilogue.trim()).toBe('');
});

describe('a post', () => {
  const received = mail(
    {
      Received: 'from somewhere',
      'X-Mailer': 'Old',
      Message: '77',
      'List-Post': '<mailto:ant@example.com>',
      'Content-Type': 'multipart/mixed; boundary="b"',
      'MIME-Version': '1.0',
    },
    '--b\n\ntext\n--b\nContent-Type: image/gif\n\nGIF\n--b--\n',
  );

  test('keeps the headers that mime_digest_keep_headers names, and its body as it came', async () => {
    const [post] = judged(await digestOf([received])).posts;
    expect(post?.headers.map(([name]) => name)).toEqual([
      ...[
        'From',
        'To',
        'Subject',
        'Message-ID',
        'Date',
        'List-Post',
        'Content-Type',
        'MIME-Version',
        'Message',
      ],
    ]);
    expect(post?.headers.at(-1)).toEqual(['Message', '1']);
    expect(post?.body).toBe('--b\n\ntext\n--b\nContent-Type: image/gif\n\nGIF\n--b--\n');
  });

  test('stays readable where mime_digest_keep_headers names too little', async () => {
    await bench.close();
    const config = defaultConfig();
    await open({
      config: { ...config, digests: { ...config.digests, mime_digest_keep_headers: ['Subject'] } },
    });
    const [post] = judged(await digestOf([received])).posts;
    expect(post?.headers.map(([name]) => name)).toEqual([
      'Subject',
      'Content-Type',
      'MIME-Version',
      'Message',
    ]);
  });
});

describe('awkward posts', () => {
  const awkward: readonly [string, string | Uint8Array, (body: string) => void][] = [
    ['without a body', 'Subject: x\r\n\r\n', (body) => expect(body.trim()).toBe('')],
    ['without headers', '\r\njust text\r\n', (body) => expect(body).toContain('just text')],
    [
      'without an empty line behind its headers',
      'Subject: x\r\nno header here\r\n',
      (body) => expect(body).toContain('no header here'),
    ],
    [
      'with an mbox line in front',
      'From anne@example.com Sat Mar  9 17:04:05 2024\nSubject: x\n\nhi\n',
      (body) => expect(body).toContain('hi'),
    ],
    [
      'with a boundary that is never closed',
      mail({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--b\n\nopen\n'),
      (body) => expect(body).toContain('open'),
    ],
    ['with raw 8-bit headers', mail({ Subject: 'caf\xe9' }), (body) => expect(body).toContain('Hello')],
    [
      'with stray line ends',
      'Subject: x\rSubject: y\n\nlone\rhere\n',
      (body) => expect(body).toContain('lone'),
    ],
  ];

  test.each(awkward)('%s, the next one stands for itself', async (_, post, check) => {
    const digest = judged(await digestOf([post, mail({ Subject: 'next' })]));
    expect(digest.defects).toBe(0);
    expect(digest.posts).toHaveLength(2);
    check(digest.posts[0]?.body ?? '');
    expect(digest.posts[1]?.headers).toContainEqual(['Subject', 'next']);
    expect(digest.parts.at(-1)?.description).toBe('Digest Footer');
  });

  test('8-bit ones are announced all the way up (RFC 2045 6.4)', async () => {
    const { message } = await digestOf([mail({ 'Content-Transfer-Encoding': '8bit' }, 'caf\xe9\n')]);
    const digest = message.root.children.find(({ contentType }) => contentType.subtype === 'digest');
    expect(message.headers.get('Content-Transfer-Encoding')).toBe('8bit');
    expect(digest?.headers.get('Content-Transfer-Encoding')).toBe('8bit');
    expect(digest?.children[0]?.headers.get('Content-Transfer-Encoding')).toBe('8bit');
  });
});

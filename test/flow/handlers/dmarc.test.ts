import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeHeader } from '../../../src/message/encoded-words.ts';
import { Message } from '../../../src/message/message.ts';
import { partText } from '../../../src/message/text.ts';
import type { ListSettings } from '../../../src/model/settings/index.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { outgoing, queued, throughPipeline } from '../../support/pipeline.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne Person <anne@example.com>', 'bart@example.net']);
});
afterEach(() => bench.close());

async function sent(headers: Record<string, string | null>, settings: Partial<ListSettings>, metadata = {}) {
  await bench.set(settings);
  return outgoing(await throughPipeline(bench, mail(headers), metadata)).message;
}

const munge = { dmarc_mitigate_action: 'munge_from' } as const;
const always = { ...munge, dmarc_mitigate_unconditionally: true };

describe('munge_from', () => {
  test('puts the list into From where the rule asked for it, and the author into Reply-To', async () => {
    const plain = await sent({}, munge);
    expect(plain.headers.get('From')).toBe('Anne <anne@example.com>');
    const { headers } = await sent({}, munge, { dmarc: true });
    expect(headers.getAll('From')).toEqual(['Anne via Ant <ant@example.com>']);
    expect(headers.getAll('Reply-To')).toEqual(['Anne <anne@example.com>']);
    expect(headers.has('Cc')).toBe(false);
  });

  test('keeps the author in Cc where Reply-To is the list’s', async () => {
    const { headers } = await sent(
      { Cc: 'x@example.org' },
      { ...always, reply_goes_to_list: 'point_to_list' },
    );
    expect(headers.get('Reply-To')).toBe('ant@example.com');
    expect(headers.get('Cc')).toBe('x@example.org, Anne <anne@example.com>');
  });

  test.each<[string, string, string]>([
    ['the name in From', '"Ext, Ern" <ext@example.org>', '"Ext, Ern via Ant" <ant@example.com>'],
    ['the name of the member', 'ANNE@example.com', 'Anne Person via Ant <ant@example.com>'],
    ['the address without its domain', 'ivo@example.net', 'ivo--- via Ant <ant@example.com>'],
    [
      'a name that looks like an address',
      '"ivo@example.net" <i@example.net>',
      'ivo--- via Ant <ant@example.com>',
    ],
  ])('the name is %s', async (_, from, expected) => {
    expect((await sent({ From: from }, always)).headers.get('From')).toBe(expected);
  });

  test('a name that is encoded stays so', async () => {
    const from = '=?utf-8?b?SmFuYSBKw7xyZ2Vucw==?= <jana@example.org>';
    const { headers } = await sent({ From: from }, always);
    expect(headers.get('From')).toMatch(/^=\?utf-8\?.* <ant@example\.com>$/);
    expect(headers.get('Reply-To')).toBe(from);
  });

  test.each<[string, string, string, string]>([
    ['a comma that lacks quotes', 'Muster, Bert <bert@example.net>', 'Bert', 'Bert <bert@example.net>'],
    ['raw 8-bit text', 'J\xc3\xb6rg <bert@example.net>', 'Jörg', '=?utf-8?b?SsO2cmc=?= <bert@example.net>'],
    ['a route', 'Bert <@relay.example:bert@example.net>', 'Bert', 'Bert <bert@example.net>'],
  ])('%s in From comes into no other header', async (_, from, name, replyTo) => {
    const { headers } = await sent({ From: from }, always);
    expect(decodeHeader(headers.get('From') ?? '')).toBe(`${name} via Ant <ant@example.com>`);
    expect(headers.get('Reply-To')).toBe(replyTo);
  });

  test('a post without From gets one', async () => {
    const { headers } = await sent({ From: null }, always);
    expect(headers.get('From')).toBe('via Ant <ant@example.com>');
  });

  test('archive and digest get the post as it was', async () => {
    await bench.set(always);
    const enqueued = await throughPipeline(bench, mail());
    for (const queue of ['archive', 'digest'] as const)
      expect(queued(enqueued, queue)[0]?.message.headers.get('From')).toBe('Anne <anne@example.com>');
  });
});

describe('from_is_list', () => {
  test('applies to posts that DMARC mitigation leaves alone', async () => {
    const { headers } = await sent({}, { from_is_list: 'munge_from', dmarc_mitigate_action: 'wrap_message' });
    expect(headers.get('From')).toBe('Anne via Ant <ant@example.com>');
    expect(headers.get('Content-Type')).toContain('text/plain');
    const wrapped = await sent({}, { from_is_list: 'munge_from' }, { dmarc: true });
    expect(wrapped.root.children[0]?.contentType.type).toBe('message');
  });

  test('not to anonymous lists', async () => {
    const { headers } = await sent({}, { from_is_list: 'munge_from', anonymous_list: true });
    expect(headers.get('From')).toBe('ant@example.com');
    expect(headers.toBuffer().toString('latin1')).not.toContain('anne');
  });
});

describe('wrap_message', () => {
  const wrap = { dmarc_mitigate_action: 'wrap_message', dmarc_mitigate_unconditionally: true } as const;

  test('the post arrives inside of another, byte for byte as its author wrote it', async () => {
    const source = mail({ Cc: 'x@example.org', 'List-Id': '<other.example.org>', 'X-Own': '1' });
    await bench.set(wrap);
    const { message } = outgoing(
      await throughPipeline(bench, source, { envelope_sender: 'anne@example.com' }),
    );
    const [inside] = message.root.children;
    expect(inside?.headers.get('Content-Disposition')).toBe('inline');
    expect(inside?.body.toString()).toBe(source.replaceAll('\n', '\r\n'));
    const names = message.headers.fields.map(({ name }) => name);
    expect(names).toEqual([
      ...['To', 'Date', 'Cc', 'X-BeenThere', 'X-Mailman-Version', 'Precedence', 'Subject', 'List-Id'],
      ...['List-Help', 'List-Owner', 'List-Post', 'List-Subscribe', 'List-Unsubscribe', 'MIME-Version'],
      ...['Message-ID', 'From', 'Reply-To', 'Content-Type'],
    ]);
    expect(message.headers.get('Subject')).toBe('[Ant] Hello');
    expect(message.headers.get('Message-ID')).not.toBe('<one@example.com>');
  });

  test('with a text in front of it, if the list has one', async () => {
    const message = await sent({}, { ...wrap, dmarc_wrapped_message_text: 'Größe' });
    const types = message.root.children.map(({ contentType }) => contentType.subtype);
    expect(types).toEqual(['plain', 'rfc822', 'plain']);
  });

  // RFC 2045 6.4
  test.each([
    ['Hello.\n', undefined],
    ['Gr\xc3\xbc\xc3\x9fe\n', '8bit'],
  ])('around %j says of its encoding %s', async (body, encoding) => {
    await bench.set({ ...wrap, dmarc_wrapped_message_text: 'Wrapped' });
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': '8bit' };
    const { message } = outgoing(await throughPipeline(bench, mail(headers, body)));
    expect(message.headers.get('Content-Transfer-Encoding')).toBe(encoding);
    expect(message.root.children[1]?.headers.get('Content-Transfer-Encoding')).toBe(encoding);
  });

  test('whose lines have at most 70 columns, as in Mailman', async () => {
    const text = `${'word '.repeat(20)}\n\n${'蟻'.repeat(40)}`;
    const message = await sent({}, { ...wrap, dmarc_wrapped_message_text: text });
    const [first] = message.root.children;
    expect(first && partText(first).split('\n')).toEqual([
      'word '.repeat(14).trim(),
      'word '.repeat(6).trim(),
      '',
      '蟻'.repeat(35),
      '蟻'.repeat(5),
    ]);
  });

  test('passwords stay outside', async () => {
    const message = await sent({ Approved: 'secret' }, wrap);
    expect(message.toBuffer().toString()).not.toContain('secret');
    expect(Message.parse(message.toBuffer()).root.children).toHaveLength(2);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ListSettings } from '../../../src/model/settings/index.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import {
  bodyOf,
  headerNames,
  outgoing,
  queued,
  throughPipeline,
  throughVirgin,
} from '../../support/pipeline.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'Bart@Example.net']);
});
afterEach(() => bench.close());

async function sent(text: string, settings: Partial<ListSettings> = {}) {
  await bench.set(settings);
  return outgoing(await throughPipeline(bench, text)).message;
}

test('the headers of a post stand in the order of Mailman 3', async () => {
  expect(headerNames(await sent(mail({ Cc: 'x@example.org' })))).toEqual([
    ...['From', 'To', 'Message-ID', 'Date', 'Cc', 'Message-ID-Hash', 'X-Message-ID-Hash', 'X-MailFrom'],
    ...['X-BeenThere', 'X-Mailman-Version', 'Precedence', 'Subject', 'List-Id', 'List-Help', 'List-Owner'],
    ...['List-Post', 'List-Subscribe', 'List-Unsubscribe', 'MIME-Version', 'Content-Type'],
    'Content-Transfer-Encoding',
  ]);
});

test('cook-headers marks the post, and leaves marks of others', async () => {
  const plain = (await sent(mail())).headers;
  expect(plain.get('X-Mailman-Version')).toBe('3.3.8');
  expect(plain.get('Precedence')).toBe('list');
  expect(plain.get('X-BeenThere')).toBe('ant@example.com');
  const relayed = mail({
    Precedence: 'bulk',
    'X-Mailman-Version': '2.1.9',
    'X-BeenThere': 'bee@example.org',
  });
  const { headers } = await sent(relayed);
  expect(headers.getAll('Precedence')).toEqual(['bulk']);
  expect(headers.getAll('X-Mailman-Version')).toEqual(['2.1.9']);
  expect(headers.getAll('X-BeenThere')).toEqual(['bee@example.org', 'ant@example.com']);
});

describe('Reply-To', () => {
  const own = { 'Reply-To': 'R <r@example.org>' };
  test.each<[string, Record<string, string>, Partial<ListSettings>, string | undefined]>([
    ['nothing is set', own, {}, 'R <r@example.org>'],
    [
      'nothing is set, and there are two',
      { 'Reply-To': 'R <r@example.org>', 'reply-to': 'S <s@example.org>' },
      {},
      'R <r@example.org>, S <s@example.org>',
    ],
    ['stripped', own, { first_strip_reply_to: true }, undefined],
    ['to the list', {}, { reply_goes_to_list: 'point_to_list' }, 'ant@example.com'],
    [
      'to the list, with its description',
      own,
      { reply_goes_to_list: 'point_to_list', description: 'The Ant List' },
      'R <r@example.org>, The Ant List <ant@example.com>',
    ],
    [
      'to the list only',
      own,
      { reply_goes_to_list: 'point_to_list', first_strip_reply_to: true },
      'ant@example.com',
    ],
    [
      'to an address',
      own,
      { reply_goes_to_list: 'explicit_header', reply_to_address: 'e@example.com' },
      'e@example.com, R <r@example.org>',
    ],
    [
      'to an address, with the list in no Cc',
      own,
      { reply_goes_to_list: 'explicit_header_only', reply_to_address: 'e@example.com' },
      'e@example.com, R <r@example.org>',
    ],
    [
      'to an address only',
      own,
      {
        reply_goes_to_list: 'explicit_header_only',
        reply_to_address: 'e@example.com',
        first_strip_reply_to: true,
      },
      'e@example.com',
    ],
    [
      'to an address and to those that are some',
      { 'Reply-To': 'Team: R <r@example.org>, foo, @;, "Q, X" <q@example.org>, R@example.org' },
      { reply_goes_to_list: 'explicit_header', reply_to_address: 'e@example.com' },
      'e@example.com, R <r@example.org>, "Q, X" <q@example.org>',
    ],
    [
      'to an address with a name that is not ASCII',
      {},
      { reply_goes_to_list: 'explicit_header', reply_to_address: '返信 <e@example.com>' },
      '=?utf-8?b?6L+U5L+h?= <e@example.com>',
    ],
    [
      'to the list, which the author has named already',
      { 'Reply-To': 'ANT@example.com' },
      { reply_goes_to_list: 'point_to_list' },
      'ANT@example.com',
    ],
  ])('%s', async (_, headers, settings, expected) => {
    expect((await sent(mail(headers), settings)).headers.get('Reply-To')).toBe(expected);
  });
});

describe('rfc-2369', () => {
  test('says what can be done with the list', async () => {
    const { headers } = await sent(mail(), { description: 'Ants & more' });
    expect(headers.get('List-Id')).toBe('Ants & more <ant.example.com>');
    expect(headers.get('List-Help')).toBe('<mailto:ant-request@example.com?subject=help>');
    expect(headers.get('List-Owner')).toBe('<mailto:ant-owner@example.com>');
    expect(headers.get('List-Post')).toBe('<mailto:ant@example.com>');
    expect(headers.get('List-Subscribe')).toBe('<mailto:ant-join@example.com>');
    expect(headers.get('List-Unsubscribe')).toBe('<mailto:ant-leave@example.com>');
  });

  test('is silent where the list wants it so, and replaces what another list said', async () => {
    const foreign = mail({ 'List-Id': '<other.example.org>', 'List-Unsubscribe': '<http://example.org/u>' });
    expect((await sent(foreign)).headers.getAll('List-Id')).toEqual(['<ant.example.com>']);
    const { headers } = await sent(foreign, { include_rfc2369_headers: false });
    expect(headers.get('List-Id')).toBe('<other.example.org>');
    expect(headers.has('List-Post')).toBe(false);
  });

  test('a list that takes no posts says so', async () => {
    expect((await sent(mail(), { allow_list_posts: false })).headers.get('List-Post')).toBe('NO');
  });

  test('a description is encoded where it has to be', async () => {
    const { headers } = await sent(mail(), { description: 'Größe, "x"' });
    expect(headers.get('List-Id')).toMatch(/^=\?utf-8\?[bq]\?.* <ant\.example\.com>$/);
  });
});

describe('cleanse', () => {
  test('passwords and requests for receipts do not go out', async () => {
    const names = [
      ...['Approved', 'Approve', 'X-Approved', 'X-Approve', 'Return-Receipt-To', 'X-PMRQC'],
      ...['Disposition-Notification-To', 'X-Confirm-Reading-To', 'Archived-At', 'Bcc', 'Resent-Bcc'],
    ];
    const { headers } = await sent(mail(Object.fromEntries(names.map((name) => [name, 'secret']))));
    expect(names.filter((name) => headers.has(name))).toEqual([]);
  });

  test('signatures stay, unless the list is anonymous', async () => {
    const signed = mail({ 'DKIM-Signature': 'v=1', 'Authentication-Results': 'x', 'ARC-Seal': 'i=1' });
    expect((await sent(signed)).headers.has('DKIM-Signature')).toBe(true);
    const { headers } = await sent(signed, { anonymous_list: true });
    for (const name of ['DKIM-Signature', 'Authentication-Results', 'ARC-Seal'])
      expect(headers.has(name)).toBe(false);
  });

  test('nothing in the headers of an anonymous post tells who wrote it', async () => {
    const telling = {
      ...{
        Sender: 'anne@example.com',
        Organization: 'Home of Anne',
        Received: 'from anne',
        'X-Mailer': 'anne',
      },
      ...{ 'Reply-To': 'anne@example.com', 'Return-Path': '<anne@example.com>', 'X-Spam-Score': '1' },
      'Resent-From': 'anne@example.com',
    };
    const message = await sent(mail(telling), { anonymous_list: true, description: 'Ants' });
    const { headers } = message;
    expect(headers.get('From')).toBe('Ants <ant@example.com>');
    expect(headers.get('Reply-To')).toBe('ant@example.com');
    expect(headers.toBuffer().toString('latin1')).not.toMatch(/anne/i);
    expect(headers.get('Message-ID')).not.toBe('<one@example.com>');
    expect(headers.get('X-Spam-Score')).toBe('1');
    expect(headers.getAll('X-BeenThere')).toEqual(['ant@example.com']);
  });
});

describe('mail of the server itself', () => {
  test('has reduced headers, no prefix and no footer', async () => {
    const notice = mail({ From: 'ant-bounces@example.com', To: 'anne@example.com', Precedence: 'bulk' });
    const enqueued = await throughVirgin(bench, notice, {
      recipients: ['anne@example.com'],
      reduced_list_headers: true,
      nodecorate: true,
    });
    const { message, metadata } = outgoing(enqueued);
    expect(metadata.recipients).toEqual(['anne@example.com']);
    expect(message.headers.get('Subject')).toBe('Hello');
    expect(message.headers.get('Precedence')).toBe('bulk');
    const names = headerNames(message).filter((name) => name.startsWith('List-'));
    expect(names).toEqual(['List-Id', 'List-Help', 'List-Owner', 'List-Subscribe', 'List-Unsubscribe']);
    expect(bodyOf(message)).toBe('Hello.');
    expect(queued(enqueued, 'archive')).toEqual([]);
  });
});

test('Mailman 2.1 named who is responsible, and lists taken over go on with it', async () => {
  const { headers } = await sent(mail({ Sender: 'x@example.org' }), { include_sender_header: true });
  expect(headers.getAll('Sender')).toEqual(['"Ant" <ant-bounces@example.com>']);
  expect(headers.get('Errors-To')).toBe('ant-bounces@example.com');
});

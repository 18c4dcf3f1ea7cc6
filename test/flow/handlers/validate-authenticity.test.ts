import { afterEach, describe, expect, test } from 'vitest';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import { Message } from '../../../src/message/message.ts';
import { receivedMessage } from '../../../src/mta/reception.ts';
import { QueueEngine } from '../../../src/queue/engine.ts';
import { load } from '../../config/helpers.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { headerNames, outgoing, throughPipeline } from '../../support/pipeline.ts';
import { sealingConfig, signedMail, type Zone, zone } from '../arc/site.ts';

let bench: FlowBench;

afterEach(() => bench.close());

async function open(dns: Zone, settings = ''): Promise<void> {
  bench = await openFlowBench({ config: sealingConfig(dns, 'example.com', settings), resolver: dns });
  await bench.join(['Reader <reader@example.net>']);
}

const source = mail({
  From: 'Anne <anne@author.example>',
  'Authentication-Results': 'evil.example; dkim=pass header.d=bank.example',
});

test('one header on top says what was found, and those of others are gone', async () => {
  const dns = zone();
  await open(dns);
  const arrived = await signedMail(source, dns, 'author.example');
  const { message } = outgoing(await throughPipeline(bench, arrived.toString('latin1')));
  expect(headerNames(message)[0]).toBe('Authentication-Results');
  expect(message.headers.getAll('Authentication-Results')).toEqual([
    expect.stringMatching(/^example\.com; dkim=pass header\.d=author\.example .*; arc=none; dmarc=none /),
  ]);
});

test('nothing is looked at or touched unless the site wants it', async () => {
  const dns = zone();
  bench = await openFlowBench({ config: load('[ARC]\nauthserv_id: example.com\n'), resolver: dns });
  await bench.join(['Reader <reader@example.net>']);
  const { message, metadata } = outgoing(await throughPipeline(bench, source));
  expect(message.headers.get('Authentication-Results')).toContain('evil.example');
  expect(metadata.authentication).toBeUndefined();
  expect(dns.asked).toEqual([]);
});

test('what was found is known to the seal also where the header has to go', async () => {
  const dns = zone();
  await open(dns, '[mta]\nremove_dkim_headers: yes\n');
  const arrived = await signedMail(source, dns, 'author.example');
  const { message, metadata } = outgoing(await throughPipeline(bench, arrived.toString('latin1')));
  expect(message.headers.has('Authentication-Results')).toBe(false);
  expect(metadata.authentication?.results[0]).toMatch(/^dkim=pass/);
});

describe('in the queue', () => {
  test.each([
    ['answers', undefined, 'dkim=pass'],
    ['fail', { code: 'ETIMEOUT' }, 'dkim=temperror'],
    ['make no sense', { code: 'ERR_INVALID_ARG_TYPE' }, 'dkim=temperror'],
  ])(
    'a post goes on when name servers %s, asked once and outside of the transaction',
    async (_, failure, found) => {
      const dns = zone();
      await open(dns);
      const arrived = receivedMessage(await signedMail(source, dns, 'author.example'), 'anne@author.example');
      if (failure) dns.records.set('mail._domainkey.author.example', failure);
      const out: Message[] = [];
      const engine = new QueueEngine(
        bench.services,
        {
          processors: {
            pipeline: pipelineStep,
            out: async ({ message }) => {
              out.push(Message.parse(message));
            },
          },
        },
        'test',
      );
      await engine.start();
      await engine.accept('pipeline', arrived, { listid: 'ant.example.com', to_list: true });
      await engine.drain();
      await engine.stop();
      expect(out.map(({ headers }) => headers.get('Authentication-Results'))).toEqual([
        expect.stringContaining(found),
      ]);
      expect(dns.asked.filter((name) => name.startsWith('mail._domainkey'))).toHaveLength(1);
    },
  );
});

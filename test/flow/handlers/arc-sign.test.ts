import { afterEach, expect, test } from 'vitest';
import type { Config } from '../../../src/config/index.ts';
import { arcSign } from '../../../src/flow/handlers/arc-sign.ts';
import { Message } from '../../../src/message/message.ts';
import { folder, load, write } from '../../config/helpers.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { copiesOf, headerNames, outgoing, throughPipeline } from '../../support/pipeline.ts';
import { askMailauth } from '../arc/judges.ts';
import { pemOf, publishKey, sealingConfig, type Zone, zone } from '../arc/site.ts';

let bench: FlowBench;

afterEach(() => bench.close());

async function open(config: Config, dns: Zone): Promise<void> {
  bench = await openFlowBench({ config, resolver: dns });
  await bench.join(['Reader <reader@example.net>', 'Bart <bart@example.net>', 'Cris <cris@example.net>']);
}

const source = mail({ From: 'Anne <anne@author.example>', To: 'ant@example.com, bart@example.net' });

async function delivered(): Promise<Message[]> {
  const out = outgoing(await throughPipeline(bench, source));
  return [...(await copiesOf(bench, out)).values()].map(({ message }) => message);
}

test('each personal copy has a seal of its own that is right', async () => {
  const dns = zone();
  await open(sealingConfig(dns, 'example.com'), dns);
  await bench.set({ personalize: 'full' });
  const copies = await delivered();
  expect(new Set(copies.map(({ headers }) => headers.get('ARC-Message-Signature'))).size).toBe(3);
  for (const copy of copies) expect((await askMailauth(copy.toBuffer(), dns)).arc).toBe('pass');
});

test('copies that differ in nothing share a seal', async () => {
  const dns = zone();
  await open(sealingConfig(dns, 'example.com', '[mta]\nverp_delivery_interval: 1\n'), dns);
  const copies = await delivered();
  expect(new Set(copies.map(({ headers }) => headers.get('ARC-Seal'))).size).toBeLessThanOrEqual(2);
  for (const copy of copies) expect((await askMailauth(copy.toBuffer(), dns)).arc).toBe('pass');
});

test('each domain seals with its own key', async () => {
  const dns = zone();
  const keys = folder();
  write(`${keys}/example.com.pem`, pemOf(publishKey(dns, 'k1-example.com', 'example.com', 'ed25519')));
  const config = load(
    `[ARC]\nenabled: yes\nselector: k1-$mail_host\ndomain: $mail_host\nprivkey: ${keys}/\${mail_host}.pem\n`,
  );
  await open(config, dns);
  const [copy] = await delivered();
  expect(copy?.headers.get('ARC-Seal')).toContain('d=example.com; s=k1-example.com;');
  expect(copy?.headers.get('ARC-Authentication-Results')).toMatch(/^i=1; example\.com; /);
  expect((await askMailauth(copy?.toBuffer() ?? Buffer.alloc(0), dns)).arc).toBe('pass');
});

test('without its key a post goes out all the same', async () => {
  const dns = zone();
  const config = load(
    '[ARC]\nenabled: yes\nselector: a\ndomain: $mail_host\nprivkey: /nope/$mail_host.pem\n',
  );
  await open(config, dns);
  const copies = await delivered();
  expect(copies).toHaveLength(3);
  expect(copies[0]?.headers.has('ARC-Seal')).toBe(false);
  expect(bench.services.logged.map(({ line }) => line).join('\n')).toContain(
    'goes out without ARC seal: /nope/example.com.pem cannot be used (no such file or directory)',
  );
});

test('an anonymous list does not tell in its seal who has written', async () => {
  const dns = zone();
  await open(sealingConfig(dns, 'example.com'), dns);
  await bench.set({ anonymous_list: true });
  const [copy] = await delivered();
  expect(copy?.headers.get('ARC-Authentication-Results')).toBe('i=1; example.com; none');
  expect(copy?.toBuffer().toString('latin1')).not.toContain('author.example');
});

test('a post that is wrapped starts a chain', async () => {
  const dns = zone();
  await open(sealingConfig(dns, 'example.com'), dns);
  await bench.set({ dmarc_mitigate_action: 'wrap_message', dmarc_mitigate_unconditionally: true });
  const [copy] = await delivered();
  expect(copy?.headers.get('ARC-Seal')).toContain('cv=none');
  expect((await askMailauth(copy?.toBuffer() ?? Buffer.alloc(0), dns)).arc).toBe('pass');
});

test('as a handler it seals at once, and nobody does so again', async () => {
  const dns = zone();
  await open(sealingConfig(dns, 'example.com'), dns);
  const message = Message.parse(Buffer.from(source.replaceAll('\n', '\r\n')));
  const metadata = { authentication: { results: ['arc=none'], chain: 'none' as const } };
  const list = await bench.list();
  await bench.step((step) => arcSign.process({ list, message, metadata }, step));
  expect(headerNames(message).slice(0, 3)).toEqual([
    'ARC-Seal',
    'ARC-Message-Signature',
    'ARC-Authentication-Results',
  ]);
  expect((await askMailauth(message.toBuffer(), dns)).arc).toBe('pass');
  expect(metadata).toEqual({});
});

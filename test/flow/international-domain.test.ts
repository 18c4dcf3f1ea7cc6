import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertDomain } from '../../src/database/domains.ts';
import { findList, insertList, updateSettings } from '../../src/database/lists.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { formatAddress } from '../../src/message/addresses.ts';
import { sampleList } from '../database/samples.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { outgoing, throughPipeline } from '../support/pipeline.ts';

const listId = 'ant.bücher.example';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.database.transaction(async (connection) => {
    await insertDomain(connection, { mailHost: 'bücher.example', description: null, aliasDomain: null });
    await insertList(connection, { ...sampleList('ant'), listId, mailHost: 'bücher.example' });
    const list = await findList(connection, listId);
    if (!list) throw new Error('the list is gone');
    await updateSettings(connection, list, {
      include_sender_header: true,
      reply_goes_to_list: 'point_to_list',
      from_is_list: 'munge_from',
    });
    const members = [{ address: 'anne@example.com', displayName: 'Anne' }];
    await subscribe(connection, list, members, { role: 'member', verified: true });
  });
});
afterEach(() => bench.close());

/** What Python's 'bücher.example'.encode('idna') gives. */
const domain = 'xn--bcher-kva.example';

test('headers name a list of an international domain in ASCII', async () => {
  const { message } = outgoing(
    await throughPipeline(bench, mail({ To: `ant@${domain}` }), { listid: listId }),
  );
  const { headers } = message;
  expect(headers.toBuffer().toString('latin1')).toMatch(/^[\r\n\t\x20-\x7e]*$/);
  expect(headers.get('X-BeenThere')).toBe(`ant@${domain}`);
  expect(headers.get('List-Id')).toBe(`<ant.${domain}>`);
  expect(headers.get('List-Post')).toBe(`<mailto:ant@${domain}>`);
  expect(headers.get('From')).toBe(`Anne via Ant <ant@${domain}>`);
  expect(headers.get('Reply-To')).toBe(`ant@${domain}`);
  expect(headers.get('Sender')).toBe(`"Ant" <ant-bounces@${domain}>`);
});

test.each([
  ['X-BeenThere', `ant@${domain}`],
  ['List-Id', `Ants <ant.${domain}>`],
  ['List-Post', `<mailto:ant@${domain}>`],
  ['List-Post', '<mailto:ant@b%C3%BCcher.example>'],
])('a post that comes back is known by %s: %s', async (name, value) => {
  await bench.post(mail({ To: `ant@${domain}`, [name]: value }), { listid: listId });
  expect(bench.services.logged.map(({ line }) => line).join('\n')).toContain('already been posted');
});

test.each(['，', '；', '（', '＂'])('a wide %s in a domain does not end an address', (wide) => {
  const written = formatAddress({ address: `x@evil${wide}y.example`, displayName: '' });
  expect(written).toMatch(/^[\w@.\x80-\xff]+$/);
});

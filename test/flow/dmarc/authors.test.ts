import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { type Zone, zone } from '../arc/site.ts';

let dns: Zone;
let bench: FlowBench;

beforeEach(async () => {
  dns = zone({ '_dmarc.strict.example': 'v=DMARC1; p=reject', '_dmarc.loose.example': 'v=DMARC1; p=none' });
  bench = await openFlowBench({ resolver: dns });
  await bench.set({ dmarc_mitigate_action: 'munge_from', default_nonmember_action: 'defer' });
});

afterEach(() => bench.close());

// RFC 5322 3.6.2 allows several authors, RFC 7489 6.6.1 lets the strictest policy count.
test.each([
  ['anne@strict.example', true],
  ['anne@loose.example', undefined],
  ['Anne <anne@loose.example>, Bart <bart@strict.example>', true],
  ['anne@strict.example, bart@loose.example', true],
  ['team: anne@loose.example, bart@strict.example;', true],
  ['anne@loose.example\nFrom: bart@strict.example', true],
  ['"bart@strict.example" <anne@loose.example>', undefined],
])('a post of %j is mitigated: %s', async (From, isMitigated) => {
  const [post] = await bench.post(mail({ From }));
  expect(post?.metadata.dmarc).toBe(isMitigated);
});

test('of any number of authors five are looked at', async () => {
  await bench.post(
    mail({ From: Array.from({ length: 50 }, (_, index) => `a@d${index}.example`).join(', ') }),
  );
  expect(dns.asked).toHaveLength(5);
});

import { expect, test } from 'vitest';
import { forgetComparisons } from '../../../compat/cutover/forget-comparisons.ts';
import { insertCutover, moveStage } from '../../../src/database/cutover.ts';
import { putMailman2Copy } from '../../../src/database/mailman2-posts.ts';
import { insertShadowPost, updateShadowPost } from '../../../src/database/shadow-posts.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import { earlierBy } from '../../../src/model/time.ts';
import { openFlowBench } from '../../support/flow.ts';

const LIST = 'ant.example.com';
const DAY = 86_400;
const AGES = [10, 60, 120, 400];
const KNOWN = { decision: 'accept', moderator: null, followed: false } as never;

/** What is left of posts of these ages in days: of each its age, and whether it is still whole. */
async function leftIn(stage: Stage): Promise<{ readonly [table: string]: unknown }> {
  const bench = await openFlowBench();
  try {
    const { connection } = bench.database;
    const now = bench.clock.now();
    await insertCutover(connection, {
      listId: LIST,
      since: now,
      mailman2Name: 'ant',
      mailman2Domain: 'localhost',
    });
    await moveStage(connection, LIST, { from: 'legacy', to: stage, now });
    for (const age of AGES) {
      const at = earlierBy(now, age * DAY);
      const post = { listId: LIST, messageId: `<${age}@example.com>` };
      const outcome = { reasons: [], recipients: [], delivered: [], notices: [], sender: '', subject: '' };
      const kept = { ...post, stage: 'observe', receivedAt: at, decision: 'accept', outcome } as const;
      const known = await insertShadowPost(connection, { ...kept, content: Buffer.from('x') });
      await updateShadowPost(connection, known, { mailman2: KNOWN });
      await insertShadowPost(connection, {
        ...kept,
        messageId: `<${age}u@example.com>`,
        content: Buffer.from('x'),
      });
      await putMailman2Copy(connection, { ...post, changedAt: at }, Buffer.from('x'));
    }
    await connection('mailman2_post').where('message_id', '<400@example.com>').update({ waiting: 1 });
    await forgetComparisons(bench.services);
    const shadows: { message_id: string; content: Buffer }[] = await connection('shadow_post');
    const others: { message_id: string; copy: Buffer | null }[] = await connection('mailman2_post');
    const name = (id: string): string => id.slice(1, id.indexOf('@'));
    return {
      shadows: Object.fromEntries(shadows.map((row) => [name(row.message_id), row.content.length])),
      others: Object.fromEntries(others.map((row) => [name(row.message_id), row.copy?.length ?? 0])),
    };
  } finally {
    await bench.close();
  }
}

test('while a list moves, posts are compared for 90 days; what is open stays', async () => {
  expect(await leftIn('observe')).toEqual({
    shadows: { 10: 1, '10u': 1, 60: 1, '60u': 1, '120u': 1, '400u': 1 },
    others: { 10: 1, 60: 1, 400: 1 },
  });
});

test('of a list that has moved, posts stay for 30 days, and what became of them for a year', async () => {
  expect(await leftIn('retired')).toEqual({
    shadows: { 10: 1, '10u': 1, 60: 0, '60u': 0, 120: 0, '120u': 0 },
    others: { 10: 1, 60: 0, 120: 0 },
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyDifference, configOf, planOf } from '../../../compat/tools/config-list/apply-config.ts';
import { readConfigPck } from '../../../migrate/import21/config-pck.ts';
import { convertConfig } from '../../../migrate/import21/convert.ts';
import { settingsTable } from '../../../migrate/import21/settings-table.ts';
import { TEMPLATE_NAMES } from '../../../migrate/import21/templates.ts';
import { PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { moveStage } from '../../../src/database/cutover.ts';
import { heldMessagesOf } from '../../../src/database/held-messages.ts';
import { findList } from '../../../src/database/lists.ts';
import { MAILMAN2_TEMPLATES, OWN_SETTINGS } from '../../../src/lists/mailman2-settings.ts';
import { Mailman2InChargeError } from '../../../src/membership/mailman2-in-charge.ts';
import { settingNames } from '../../../src/model/settings/index.ts';
import { utcNow } from '../../../src/model/time.ts';
import { decideHeldPost } from '../../../src/moderation/held-posts.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import { CutoverBench, LIST } from './bench.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/mailman21/lists', import.meta.url));

let bench: CutoverBench;

beforeEach(async () => {
  bench = await CutoverBench.open(['anne@people.example'], 'observe');
});

afterEach(() => bench.close());

/** As `config_list -i` does it. @param value what a file says */
async function configList(name: string, value: string): Promise<void> {
  const { connection } = bench.database;
  const list = await bench.list();
  const before = await configOf(connection, list, utcNow());
  const after = new PyDict(before);
  after.set(name, PyBytes.utf8(value));
  const plan = (config: PyDict) => planOf(config, list, new Set(['en']));
  await applyDifference(connection, list, plan(before), plan(after));
}

test('config_list -i is refused, and says what and where; a file that changes nothing is fine', async () => {
  const { description } = (await bench.list()).settings;
  await configList('description', description);
  const refused = configList('description', 'Another');
  await expect(refused).rejects.toThrow(Mailman2InChargeError);
  await expect(refused).rejects.toThrow(
    /^plain@lists\.example\.com is in the stage observe: Mailman 2 is in charge of its settings \(description\); change them there, at http:.*\/mailman\/admin\/plain, and they are here within seconds$/,
  );
  await moveStage(bench.database.connection, LIST, { from: 'observe', to: 'lead', now: utcNow() });
  await configList('description', 'Another');
  expect((await findList(bench.database.connection, LIST))?.settings.description).toBe('Another');
});

test('a post that Mailman 2 holds is decided about there', async () => {
  const [held] = await heldMessagesOf(bench.database.connection, LIST);
  if (!held) throw new Error('no post is held');
  const list = await bench.list();
  const decide = (kind: 'accept' | 'discard' | 'defer') =>
    runStep(bench.services, (step) => decideHeldPost(step, list, held.requestId, { kind }));
  await expect(decide('accept')).rejects.toThrow('Mailman 2 is in charge of its held posts');
  await expect(decide('discard')).rejects.toThrow(Mailman2InChargeError);
  expect(await decide('defer')).toBe(true);
  expect(await heldMessagesOf(bench.database.connection, LIST)).toContainEqual(held);
});

test('following Mailman 2 sets all settings but those that can be changed here', () => {
  const set = new Set<string>(Object.values(settingsTable).map(({ name }) => name));
  for (const name of readdirSync(FIXTURES)) {
    const path = join(FIXTURES, name, 'config.pck');
    let config: PyDict;
    try {
      config = readConfigPck(readFileSync(path), path);
    } catch {
      continue;
    }
    const list = { listName: name, mailHost: 'lists.example.com' };
    const plan = convertConfig(config, { list, charset: undefined, languages: new Set() });
    for (const setting of Object.keys(plan.settings)) set.add(setting);
  }
  expect(settingNames.filter((name) => !set.has(name))).toEqual([...OWN_SETTINGS].sort());
  expect([...MAILMAN2_TEMPLATES].sort()).toEqual([...TEMPLATE_NAMES].sort());
});

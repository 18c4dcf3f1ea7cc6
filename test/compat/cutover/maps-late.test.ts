import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { publishStages } from '../../../compat/cutover/maps.ts';
import { rollback } from '../../../compat/cutover/steps/rollback.ts';
import { beginHandingOver } from '../../../src/database/cutover.ts';
import { updateDomain } from '../../../src/database/domains.ts';
import type { Stage } from '../../../src/model/cutover.ts';
import { CutoverBench, LIST } from './bench.ts';

const ANNE = 'anne@people.example';

let bench: CutoverBench;
let map: string;

/** @param stage of the list, which the maps say */
async function open(stage: Stage): Promise<void> {
  bench = await CutoverBench.open([ANNE], stage);
  await updateDomain(bench.database.connection, 'lists.example.com', { aliasDomain: 'ferry.invalid' });
  map = join(bench.folder, 'ferryman', 'data', 'postfix_vmap');
  await publishStages(bench.services);
}

/** Nothing can be put in its place then, whoever tries. */
function blockMap(): void {
  rmSync(map, { force: true });
  mkdirSync(map);
}

afterEach(() => bench.close());

test('a step whose maps cannot be written says that it holds, and the server writes them later', async () => {
  await open('observe');
  expect(readFileSync(map, 'utf8')).toContain('plain@observe.ferry.invalid');
  blockMap();
  await expect(rollback(bench.context(), LIST)).rejects.toThrow(
    /maps of Postfix in .* cannot be written: .*Mail goes as before/,
  );
  expect((await bench.cutover()).stage).toBe('legacy');
  await bench.keepMoving();
  rmSync(map, { recursive: true });
  await bench.keepMoving();
  expect(readFileSync(map, 'utf8')).not.toContain('observe.ferry.invalid');
});

test('posts do not wait for maps where a change of sides was interrupted', async () => {
  await open('alongside');
  blockMap();
  await beginHandingOver(bench.database.connection, LIST, { way: 'hand-over', keys: [ANNE] });
  await bench.keepMoving();
  expect((await bench.cutover()).isHandingOver).toBe(false);
});

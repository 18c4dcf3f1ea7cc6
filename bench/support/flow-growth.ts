import { join } from 'node:path';
import { ferrymanSystem } from './ferryman-system.ts';
import type { Figure } from './figures.ts';
import { throughput } from './flow-steps.ts';
import { announce } from './import-steps.ts';
import type { BenchList } from './mail-system.ts';
import type { Sink } from './sink.ts';

/** Where to measure. */
export interface Place {
  /** Where `bin` and `dist` are. */
  readonly program: string;
  readonly folder: string;
  readonly sink: Sink;
}

/** Members of the lists, and how many posts each gets. */
const SIZES = [
  [10, 1000],
  [1000, 100],
  [10_000, 10],
  [100_000, 2],
] as const;

/** How much more a recipient of the longest list may cost than one of 1000. */
const LIMIT = 1.25;

/** What a recipient costs, in lists of 10 to 100,000; in a list of 10, the post itself costs more than its recipients. */
export async function measureGrowth({ program, folder, sink }: Place): Promise<Figure[]> {
  const system = await ferrymanSystem({ program, folder: join(folder, 'growth'), sinkPort: sink.port });
  const lists = SIZES.map(([members]): BenchList => ({ name: `list${members}`, members }));
  announce('Ferryman: a list of 100,000');
  system.create(lists);
  const server = await system.start();
  const figures: Figure[] = [];
  let reference: number | undefined;
  let memory = 0;
  try {
    for (const [index, [members, posts]] of SIZES.entries()) {
      const list = lists[index];
      if (!list) continue;
      announce(`Ferryman: ${posts} posts to ${members}`);
      const { cpuPerPost, mostMemory } = await throughput([server], sink, list, posts);
      const cost = (cpuPerPost / members) * 100_000;
      if (members === 1000) reference = cost;
      memory = Math.max(memory, mostMemory);
      figures.push({
        what: `CPU time for 100,000 recipients, list of ${members}`,
        unit: 'seconds',
        ours: cost,
        against:
          members > 1000 && reference !== undefined ? { name: 'list of 1000', value: reference } : undefined,
        target: members > 1000 ? { kind: 'timesAsLong', atMost: LIMIT } : undefined,
      });
    }
  } finally {
    await server.end('SIGKILL');
  }
  figures.push({
    ...{ what: 'memory with a list of 100,000', unit: 'bytes', ours: memory, against: undefined },
    target: { kind: 'below', limit: 250e6 },
  });
  return figures;
}

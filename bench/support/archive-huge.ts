import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installArchive } from './archive-installation.ts';
import { measure } from './child.ts';
import type { Figure, Target } from './figures.ts';

const LIST = 'ant@example.com';
const MEMORY_LIMIT: Target = { kind: 'below', limit: 300e6 };
/** Share of the time of a whole import after which one is killed, each time. */
const KILLED_AFTER = 0.3;

/**
 * Imports a huge mbox, once as a whole and once killed twice on its way, and exports it.
 * @throws Error where messages are missing or there twice, or the mbox that comes out is another one
 */
export function measureHugeMbox(
  folder: string,
  { mbox, mails, bytes }: { mbox: string; mails: number; bytes: number },
): Figure[] {
  const whole = installArchive(join(folder, 'huge'));
  const calm = whole.importMbox(LIST, mbox);
  expectCount('an import', calm.stdout, { messages: mails, added: mails });
  rmSync(join(folder, 'huge'), { recursive: true });

  const killed = installArchive(join(folder, 'killed'));
  const peaks = [1, 2].map(() => killed.importMbox(LIST, mbox, calm.seconds * KILLED_AFTER).peakBytes);
  const last = killed.importMbox(LIST, mbox);
  expectCount('an import that was killed', last.stdout, { messages: mails });
  expectCount('one more import', killed.importMbox(LIST, mbox).stdout, { messages: mails, added: 0 });
  const exported = killed.exportDigest(LIST);
  const original = measure(folder, ['/bin/sh', '-c', 'sha256sum < "$0"', mbox]);
  if (exported.stdout !== original.stdout) throw new Error('what is exported is not what was imported');

  const memory = (what: string, peak: number): Figure => ({
    ...{ what: `  ${what}`, unit: 'bytes', ours: peak, against: undefined, target: MEMORY_LIMIT },
  });
  return [
    {
      ...{ what: `an mbox of ${(bytes / 1e9).toFixed(1)} GB, MB`, unit: 'perSecond', target: undefined },
      ...{ ours: bytes / 1e6 / calm.seconds, against: undefined },
    },
    memory('its peak memory', calm.peakBytes),
    memory('killed twice, the same comes out', Math.max(...peaks, last.peakBytes)),
    memory('its export', exported.peakBytes),
  ];
}

function expectCount(what: string, report: string, expected: Record<string, number>): void {
  const found = JSON.parse(report) as Record<string, unknown>;
  for (const [name, count] of Object.entries(expected))
    if (found[name] !== count) throw new Error(`${what}: ${name} is ${found[name]}, not ${count}`);
}

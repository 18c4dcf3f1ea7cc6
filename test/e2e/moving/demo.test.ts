import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { missingPostfix } from '../../peers/postfix.ts';
import { freePort } from '../../peers/throwaway.ts';
import { describeWhere } from '../../support/where-available.ts';

const DEMO = fileURLToPath(new URL('demo.ts', import.meta.url));

describeWhere(missingPostfix(), 'the demonstration of a move', () => {
  test('goes through every stage and ends by itself', { timeout: 600_000 }, async () => {
    const results = mkdtempSync(join(tmpdir(), 'ferryman-demo-'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [DEMO, String(await freePort()), results, '--once'],
      { encoding: 'utf8' },
    );
    expect([status, stderr, stdout.includes('!!!'), readdirSync(results)]).toEqual([
      ...[0, '', false, ['inspect.html', 'parity.html']],
    ]);
    expect(stdout).toContain('Each member got each post once.');
    expect(stdout).toContain('Mailman 2.1 delivered 11, Ferryman 2; all 13 members got it once.');
    rmSync(results, { recursive: true });
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { missingPostfix } from '../../peers/postfix.ts';
import { freePort } from '../../peers/throwaway.ts';
import { describeWhere } from '../../support/where-available.ts';

const run = promisify(execFile);

const DEMO = fileURLToPath(new URL('demo.ts', import.meta.url));

describeWhere(missingPostfix(), 'the demonstration of a move', () => {
  test('goes through every stage and ends by itself', { timeout: 600_000 }, async () => {
    const results = mkdtempSync(join(tmpdir(), 'ferryman-demo-'));
    const argv = [DEMO, String(await freePort()), results, '--once'];
    const { stdout, stderr } = await run(process.execPath, argv, { maxBuffer: 1 << 24 }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    expect(
      stdout.split('\n').filter((line) => /!!!|WRONG|Error/.test(line)),
      stdout,
    ).toEqual([]);
    expect([stderr, stdout.includes('!!!'), readdirSync(results)]).toEqual([
      ...['', false, ['inspect.html', 'parity.html']],
    ]);
    expect(stdout).toContain('Each member got each post once.');
    expect(stdout).toContain('Mailman 2.1 delivered 11, Ferryman 2; all 13 members got it once.');
    rmSync(results, { recursive: true });
  });
});

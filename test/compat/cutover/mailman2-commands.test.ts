import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { changeMailman2Members, runMailman2 } from '../../../compat/cutover/mailman2-commands.ts';
import type { Config } from '../../../src/config/index.ts';
import { defaultConfig } from '../../support/services.ts';

let folder: string | undefined;

afterEach(() => {
  vi.useRealTimers();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** A Mailman 2 whose `withlist` is a shell script. */
function withWithlist(script: string): Config {
  folder = mkdtempSync(join(tmpdir(), 'ferryman-bin-'));
  writeFileSync(join(folder, 'withlist'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const config = defaultConfig();
  return { ...config, cutover: { ...config.cutover, mailman2_bin_dir: folder, mailman2_command: '' } };
}

/** @param asked what is called when Mailman 2 is said to have the lock */
function resume(config: Config, asked = async () => true): Promise<boolean> {
  const members = new Map([['anne@example.com', { delivery: 'on' }]]);
  return changeMailman2Members(config, { list: 'staff', way: 'resume', members }, asked);
}

test.each([
  ['nothing', 'exit 0', /did nothing/],
  ['something else', 'echo "Welcome to this host"; echo already', /did nothing/],
  ['too much', 'exec yes "all is well"', /says more than/],
])('a command that says %s has changed nothing', async (_what, script, reason) => {
  const asked = vi.fn(async () => true);
  await expect(resume(withWithlist(script), asked)).rejects.toThrow(reason);
  expect(asked).not.toHaveBeenCalled();
});

test('what a host says in greeting is not taken for an answer', async () => {
  const asked = vi.fn(async () => true);
  expect(await resume(withWithlist('echo "Not ready yet"; echo ready; cat >/dev/null'), asked)).toBe(true);
  expect(asked).toHaveBeenCalledOnce();
});

test('a command that hangs is given up, also where what it has started goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const failed = expect(resume(withWithlist('sleep 5 & wait'))).rejects.toThrow('has not ended after 120 s');
  await vi.advanceTimersByTimeAsync(125_000);
  await failed;
});

test('a command that is not there is named, and nothing is waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const config = defaultConfig();
  const cutover = { ...config.cutover, mailman2_bin_dir: '/nowhere/bin', mailman2_command: '' };
  await expect(runMailman2({ ...config, cutover }, 'withlist', ['staff'])).rejects.toThrow(
    '/nowhere/bin/withlist is not there; see [cutover] mailman2_bin_dir',
  );
  expect(vi.getTimerCount()).toBe(0);
});

test('a name that a shell would not take as it is goes to no command in front', async () => {
  const config = defaultConfig();
  const cutover = { ...config.cutover, mailman2_bin_dir: '/bin', mailman2_command: 'env' };
  await expect(runMailman2({ ...config, cutover }, 'echo', ['staff;id'])).rejects.toThrow('"staff;id"');
  expect(await runMailman2({ ...config, cutover }, 'echo', ['-l', 'c++.users_x'])).toBe('-l c++.users_x\n');
});

import { afterEach, expect, test, vi } from 'vitest';
import { runMailman2 } from '../../../compat/cutover/mailman2-commands.ts';
import { defaultConfig } from '../../support/services.ts';

afterEach(() => {
  vi.useRealTimers();
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

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../../src/config/index.ts';
import type { Check } from './check.ts';

const run = promisify(execFile);

/** Which map has to stand in which setting. */
const WANTED: Readonly<Record<string, string>> = {
  virtual_alias_maps: 'postfix_vmap',
  transport_maps: 'postfix_lmtp',
};

/** A map that Postfix does not look at moves nothing. */
export const postfixUsesMaps: Check = {
  name: 'Postfix uses the maps',
  run: async ({ services: { config } }) => {
    if (config.mta.incoming !== 'postfix') return '[mta] incoming is not Postfix, whose maps move a list';
    for (const [setting, map] of Object.entries(WANTED)) {
      const file = join(config.paths.data_dir, map);
      const value = await postfixSetting(config, setting);
      if ('problem' in value) return value.problem;
      if (!value.text.split(/[\s,{}]+/).some((part) => part.slice(part.indexOf(':') + 1) === file)) {
        return `Postfix does not use ${file}: name it in ${setting} of its main.cf (found: ${value.text || 'nothing'})`;
      }
    }
    return undefined;
  },
};

/** The value of a setting, with other settings filled in. */
async function postfixSetting(
  { cutover, where }: Config,
  setting: string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  const [program = '', ...options] = cutover.postconf_command.split(/\s+/);
  try {
    const { stdout } = await run(program, [...options, '-xh', setting], { timeout: 10_000 });
    return { text: stdout.trim() };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { problem: `${where('cutover', 'postconf_command')}: Postfix cannot be asked (${reason})` };
  }
}

import { join } from 'node:path';
import type { Check } from './check.ts';
import { partsOf, postfixSetting } from './postfix-setting.ts';

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
      if (!partsOf(value.text).some((part) => part.slice(part.indexOf(':') + 1) === file)) {
        return `Postfix does not use ${file}: name it in ${setting} of its main.cf (found: ${value.text || 'nothing'})`;
      }
    }
    return undefined;
  },
};

import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { readConfigPck } from '../import21/config-pck.ts';
import { PyDict } from '../pickle/values.ts';
import { readIfThere } from '../site/source-file.ts';

/** The config.pck of a folder that an export replaces; an empty dictionary where there is none that can be read. */
export function replacedConfig(folder: string): PyDict {
  const path = join(folder, 'config.pck');
  try {
    const bytes = readIfThere(path);
    return bytes ? readConfigPck(bytes, path) : new PyDict();
  } catch (error) {
    if (error instanceof FerrymanError) return new PyDict();
    throw error;
  }
}

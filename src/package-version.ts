import { readFileSync } from 'node:fs';
import { errorCode } from './errors.ts';

/** The version in package.json, which lies one folder above the sources and two above what is built from them. */
export function packageVersion(): string {
  for (const folder of ['../', '../../']) {
    try {
      const text = readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}

import { join } from 'node:path';
import type { Site } from './site.ts';
import { readIfThere } from './source-file.ts';

/** What the alias files that Mailman writes for the mail server say. */
export interface Aliases {
  readonly files: readonly { readonly path: string; readonly lists: readonly string[] }[];
  /** Lists that no file has. */
  readonly missing: readonly string[];
  /** Names in a file that are no lists any more. */
  readonly stale: readonly string[];
}

const FILES = ['aliases', 'virtual-mailman'];

/** Reads `data/aliases` and `data/virtual-mailman`: which lists get mail. */
export function readAliases(site: Site): Aliases {
  const files = FILES.flatMap((name) => {
    const path = join(site.path, 'data', name);
    const bytes = readIfThere(path);
    if (!bytes) return [];
    const stanzas = bytes.toString('latin1').matchAll(/^# STANZA START: (\S+)[ \t]*$/gm);
    return [{ path, lists: [...new Set([...stanzas].map(([, list = '']) => list))].sort() }];
  });
  const named = new Set(files.flatMap(({ lists }) => lists));
  return {
    files,
    missing: files.length === 0 ? [] : site.listNames.filter((name) => !named.has(name)),
    stale: [...named].filter((name) => !site.listNames.includes(name)).sort(),
  };
}

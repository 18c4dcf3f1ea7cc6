import { createHash } from 'node:crypto';
import { archiveStyle } from './archive-style.ts';
import { baseStyle } from './base-style.ts';
import { formStyle } from './form-style.ts';
import { icon } from './icon.ts';
import { messageStyle } from './message-style.ts';

/** A file that never changes under its address. */
export interface Asset {
  readonly type: string;
  readonly content: string;
}

const assets: Readonly<Record<string, Asset>> = {
  'style.css': {
    type: 'text/css; charset=utf-8',
    content: compact(baseStyle + archiveStyle + messageStyle + formStyle),
  },
  'icon.svg': { type: 'image/svg+xml', content: icon },
};

const hashes = new Map(
  Object.entries(assets).map(([name, { content }]) => [
    name,
    createHash('sha256').update(content).digest('hex').slice(0, 12),
  ]),
);

/** The path of a file: `/static/HASH/style.css`. */
export function asset(name: 'style.css' | 'icon.svg'): string {
  return `/static/${hashes.get(name)}/${name}`;
}

/** What is served there; of an outdated hash nothing. */
export function findAsset(hash: string, name: string): Asset | undefined {
  return hashes.get(name) === hash ? assets[name] : undefined;
}

/** Without comments and indentation. */
function compact(css: string): string {
  return css
    .replace(/\/\*[^*]*\*\//g, '')
    .replace(/\n\s*/g, '\n')
    .replace(/\n{2,}/g, '\n');
}

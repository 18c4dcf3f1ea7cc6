import type { KeyObject } from 'node:crypto';
import { readSealingKey } from '../../config/sealing-key.ts';

const keys = new Map<string, KeyObject>();

/** The private key in a file, read once: a changed key counts from the next start on. @throws SealingKeyError */
export function sealingKey(path: string): KeyObject {
  const known = keys.get(path);
  if (known) return known;
  const key = readSealingKey(path);
  keys.set(path, key);
  return key;
}

import { createHash } from 'node:crypto';
import { type PickleValue, PyBytes, PyDict } from '../pickle/values.ts';
import { writePickle } from '../pickle/writer.ts';

/** What each post changes in a config.pck. */
const COUNTED: ReadonlySet<PickleValue> = new Set(['post_id', 'last_post_time']);

/** A digest of all in a config.pck that a post does not change, in hex: of large lists, a post leaves most as it was. */
export function steadyDigest(config: PyDict): string {
  const steady = [...config].filter(([key]) => !COUNTED.has(key instanceof PyBytes ? key.latin1 : key));
  return createHash('sha256')
    .update(writePickle(new PyDict(steady), 2))
    .digest('hex');
}

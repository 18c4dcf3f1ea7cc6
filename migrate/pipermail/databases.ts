import { PickleError } from '../pickle/errors.ts';
import { readPickle } from '../pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict, PyInstance } from '../pickle/values.ts';
import { MarshalError } from './errors.ts';
import { readMarshal } from './marshal.ts';

/** What pipermail's own database says of a page. */
export interface ArticleRecord {
  readonly messageId: string;
  readonly number: number;
}

/**
 * Reads `database/VOLUME-article`: a marshalled dict of Message-IDs and pickled records. Records that cannot be read
 * are counted, not thrown.
 * @throws MarshalError
 */
export function readArticleDatabase(bytes: Buffer): {
  readonly articles: readonly ArticleRecord[];
  readonly unreadable: number;
} {
  const table = readMarshal(bytes);
  if (!(table instanceof PyDict)) throw new MarshalError('expected a dict of articles', 0);
  const articles: ArticleRecord[] = [];
  let unreadable = 0;
  for (const [key, value] of table) {
    const messageId = latin1(key);
    const number = value instanceof PyBytes ? sequenceOf(value) : undefined;
    if (messageId === undefined || number === undefined) unreadable += 1;
    else articles.push({ messageId, number });
  }
  return { articles, unreadable };
}

function sequenceOf(pickled: PyBytes): number | undefined {
  const record = unpickle(pickled.toBuffer());
  const number = record instanceof PyInstance ? record.get('sequence') : undefined;
  return typeof number === 'number' && number >= 0 ? number : undefined;
}

/** What `pipermail.pck` says of the archive as a whole. */
export interface PipermailState {
  /** Volumes, the newest first, as pipermail lists them. */
  readonly volumes: readonly string[];
  /** The number that the next message would have got. */
  readonly nextNumber: number | undefined;
}

/** Reads `pipermail.pck`; undefined where it is damaged or something else. */
export function readPipermailState(bytes: Buffer): PipermailState | undefined {
  const state = unpickle(bytes);
  if (!(state instanceof PyDict)) return undefined;
  const volumes = state.get('archives');
  const next = state.get('sequence');
  return {
    volumes: Array.isArray(volumes) ? volumes.map(latin1).filter((name) => name !== undefined) : [],
    nextNumber: typeof next === 'number' ? next : undefined,
  };
}

function unpickle(bytes: Buffer): PickleValue | undefined {
  try {
    return readPickle(bytes);
  } catch (error) {
    if (error instanceof PickleError) return undefined;
    throw error;
  }
}

function latin1(value: PickleValue): string | undefined {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? value : undefined;
}

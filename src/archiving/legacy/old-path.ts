import { parseVolumeName, type Volume } from './volumes.ts';

/** What a path below `/pipermail/LIST/` or `/mailman/private/LIST/` was on the server of Mailman 2.1. */
export type OldPath =
  /** The table of all volumes. */
  | { readonly kind: 'overview' }
  /** The messages of a volume, in this order. */
  | { readonly kind: 'index'; readonly volume: Volume; readonly order: IndexOrder }
  /** The page of a message. */
  | { readonly kind: 'article'; readonly path: string; readonly volume: Volume; readonly number: number }
  /** The messages of a volume as text. */
  | { readonly kind: 'text'; readonly volume: Volume; readonly isCompressed: boolean }
  /** A part of a message that was taken out, or another file that lay there. */
  | { readonly kind: 'file'; readonly path: string };

export type IndexOrder = 'thread' | 'subject' | 'author' | 'date';

const ARTICLE = /^(\d{6,9})\.html$/;
const INDEX = /^(?:(index|thread|subject|author|date)\.html)?$/;
const TEXT = /^([^/]+)\.txt(\.gz)?$/;

/** No path of pipermail is longer; a list's name is not part of it. */
const LONGEST = 1000;

/**
 * Reads such a path; undefined for what pipermail never had. A pure function: whether there is such a message or file
 * is for the archive to say.
 * @param path without the name of the list and the slash after it, percent-decoded, without query
 */
export function readOldPath(path: string): OldPath | undefined {
  if (path.length > LONGEST || !isPlain(path)) return undefined;
  if (path === '' || path === 'index.html') return { kind: 'overview' };
  const slash = path.indexOf('/');
  if (slash < 0) return readTopLevel(path);
  const volume = parseVolumeName(path.slice(0, slash));
  return volume ? readInVolume(path, path.slice(slash + 1), volume) : { kind: 'file', path };
}

function readTopLevel(name: string): OldPath | undefined {
  const bare = parseVolumeName(name);
  if (bare) return { kind: 'index', volume: bare, order: 'thread' };
  const text = TEXT.exec(name);
  const volume = text ? parseVolumeName(text[1] ?? '') : undefined;
  if (volume) return { kind: 'text', volume, isCompressed: text?.[2] !== undefined };
  return { kind: 'file', path: name };
}

function readInVolume(path: string, name: string, volume: Volume): OldPath | undefined {
  const article = ARTICLE.exec(name);
  if (article) return { kind: 'article', path, volume, number: Number(article[1]) };
  const index = INDEX.exec(name);
  if (!index) return { kind: 'file', path };
  // Pipermail's index.html of a volume is its thread.html.
  const order = index[1] === undefined || index[1] === 'index' ? 'thread' : index[1];
  return { kind: 'index', volume, order: order as IndexOrder };
}

/** No way out of the folder, nothing that no file is called. */
function isPlain(path: string): boolean {
  return !/[\p{Cc}\\]/u.test(path) && path.split('/').every((name) => name !== '.' && name !== '..');
}

import { hash } from 'node:crypto';
import { prettyPrint } from './python-repr.ts';
import type { Resource } from './values.ts';

/**
 * Adds `http_etag`: a quoted SHA-1 over what Python's `pprint` makes of the object, in the encoding
 * `raw-unicode-escape`, as Mailman computes it.
 */
export function withEtag(resource: Resource): Resource {
  resource.http_etag = tagOf(prettyPrint(resource));
  return resource;
}

/**
 * The same for a collection: its entries count by their own tags, so that a long page is not written twice. An empty one
 * has Mailman's tag.
 */
export function withCollectionEtag(collection: Resource): Resource {
  const { entries, ...rest } = collection;
  if (!Array.isArray(entries)) return withEtag(collection);
  const tags = (entries as readonly Resource[]).map(({ http_etag }) => http_etag ?? null);
  collection.http_etag = tagOf(`${prettyPrint(rest)}${tags.join('')}`);
  return collection;
}

function tagOf(text: string): string {
  return `"${hash('sha1', rawUnicodeEscape(text))}"`;
}

function rawUnicodeEscape(text: string): Buffer | string {
  if (Buffer.byteLength(text) === text.length) return text;
  return Buffer.from(text.replace(/[^\0-\xff]/gu, escapeWide), 'latin1');
}

function escapeWide(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

import { createHash, hash } from 'node:crypto';
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
  const tag = new CollectionTag(rest);
  for (const entry of entries as readonly Resource[]) tag.add(entry);
  collection.http_etag = tag.end();
  return collection;
}

/** The tag of a collection whose entries come one by one. */
export class CollectionTag {
  readonly #hash = createHash('sha1');

  /** @param rest what the collection has beside its entries */
  constructor(rest: Resource) {
    this.#hash.update(rawUnicodeEscape(prettyPrint(rest)));
  }

  /** @param entry with its own tag */
  add({ http_etag }: Resource): void {
    this.#hash.update(typeof http_etag === 'string' ? http_etag : '');
  }

  /** To be asked once. */
  end(): string {
    return `"${this.#hash.digest('hex')}"`;
  }
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

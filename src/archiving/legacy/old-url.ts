import { type OldPath, readOldPath } from './old-path.ts';

/** What the path of an address was on the server of Mailman 2.1, as far as archives go. */
export type OldUrl =
  | { readonly list: string; readonly isPrivate: boolean; readonly target: OldPath }
  /** The whole mbox of the list. */
  | { readonly list: string; readonly isPrivate: boolean; readonly target: { readonly kind: 'mbox' } };

const PREFIXES = [
  { prefix: '/pipermail/', isPrivate: false },
  { prefix: '/mailman/private/', isPrivate: true },
];

const MBOX = '.mbox';

/**
 * Reads the path of an address, percent-encoded as it came. Undefined where Mailman had no archive there.
 * `list` is the name as Mailman 2.1 has it: the local part of the posting address, in lower case.
 */
export function readOldUrl(pathname: string): OldUrl | undefined {
  const found = PREFIXES.find(({ prefix }) => pathname.startsWith(prefix));
  const rest = found ? decoded(pathname.slice(found.prefix.length)) : undefined;
  if (!found || rest === undefined) return undefined;
  const slash = rest.indexOf('/');
  const name = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash + 1);
  if (name === '' || name === '.' || name === '..') return undefined;
  const { isPrivate } = found;
  if (name.endsWith(MBOX) && path === name)
    return { list: name.slice(0, -MBOX.length).toLowerCase(), isPrivate, target: { kind: 'mbox' } };
  const target = readOldPath(path);
  return target && { list: name.toLowerCase(), isPrivate, target };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

import { join } from 'node:path';
import { readDict } from '../held/requests.ts';
import { numberOf, type PickleValue, PyDict, PyInstance, PyTuple } from '../pickle/values.ts';
import { readIfThere } from '../site/source-file.ts';
import type { SourceList } from '../site/source-list.ts';

/** Something that a token of Mailman 2.1 confirms. */
export type Confirmation = {
  readonly token: string;
  /** Epoch seconds. */
  readonly expires: number;
} & (
  | {
      readonly op: 'S';
      readonly address: string;
      readonly name: string;
      readonly password: string;
      readonly digest: boolean;
      readonly language: string;
      /** The list that invited, for invitations. */
      readonly invitation: string | undefined;
    }
  | { readonly op: 'U'; readonly address: string }
  | {
      readonly op: 'C';
      readonly oldAddress: string;
      readonly newAddress: string;
      readonly everywhere: boolean;
    }
  | { readonly op: 'H'; readonly requestId: number }
  | { readonly op: 'E'; readonly listName: string; readonly address: string }
  | { readonly op: 'P'; readonly address: string }
);

/** What waits for an answer on a list. */
export interface Confirmations {
  readonly known: readonly Confirmation[];
  /** Entries that are not as they should be. */
  readonly odd: readonly string[];
}

/** Mailman takes any text for a token; more than this is none of its own. */
const TOKEN = /^[0-9a-zA-Z]{8,64}$/;

/** What the pending.pck of a list holds, expired or not: there, a token works until the file is next written. */
export function readConfirmations({ folder, texts }: Pick<SourceList, 'folder' | 'texts'>): Confirmations {
  const path = join(folder, 'pending.pck');
  const bytes = readIfThere(path);
  if (!bytes) return { known: [], odd: [] };
  const value = readDict(bytes, path);
  const evictions = value.get('evictions');
  const known: Confirmation[] = [];
  const odd: string[] = [];
  const read = (part: PickleValue | undefined, isSecret = false): string =>
    texts.read(part, 'pending.pck', isSecret) ?? '';
  for (const [key, entry] of value) {
    const token = read(key);
    if (token === 'evictions' || token === 'version') continue;
    const expires = evictions instanceof PyDict ? numberOf(evictions.get(key)) : undefined;
    const items = entry instanceof PyTuple ? entry.items : [];
    const found =
      TOKEN.test(token) && expires !== undefined ? readOperation(items, read, { token, expires }) : undefined;
    if (found) known.push(found);
    else odd.push(`token ${TOKEN.test(token) ? `${token.slice(0, 6)}...` : 'of an unknown form'}`);
  }
  return { known: known.sort((one, other) => (one.token < other.token ? -1 : 1)), odd };
}

function readOperation(
  [op, one, two, three]: readonly PickleValue[],
  read: (part: PickleValue | undefined, isSecret?: boolean) => string,
  base: Pick<Confirmation, 'token' | 'expires'>,
): Confirmation | undefined {
  switch (read(op)) {
    case 'S':
      return one instanceof PyInstance ? { ...base, op: 'S', ...readDescription(one, read) } : undefined;
    case 'U':
      return { ...base, op: 'U', address: read(one) };
    case 'C':
      return {
        ...base,
        op: 'C',
        oldAddress: read(one),
        newAddress: read(two),
        everywhere: (numberOf(three) ?? 0) !== 0,
      };
    case 'H': {
      const requestId = numberOf(one);
      return requestId === undefined ? undefined : { ...base, op: 'H', requestId };
    }
    case 'E':
      return { ...base, op: 'E', listName: read(one), address: read(two) };
    case 'P':
      return { ...base, op: 'P', address: read(one) };
    default:
      return undefined;
  }
}

function readDescription(
  person: PyInstance,
  read: (part: PickleValue | undefined, isSecret?: boolean) => string,
) {
  const invitation = person.get('invitation');
  return {
    address: read(person.get('address')),
    name: read(person.get('fullname')),
    password: read(person.get('password'), true),
    digest: (numberOf(person.get('digest')) ?? 0) !== 0,
    language: read(person.get('language')),
    invitation: invitation === undefined || invitation === null ? undefined : read(invitation),
  };
}

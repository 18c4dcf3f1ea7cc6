import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import type { Verbatim } from '../../src/model/verbatim.ts';
import type { TextDecoding } from '../import21/charset.ts';
import type { ImportedMember } from '../import21/members.ts';
import { addressOf, isUsableAddress } from '../import21/people.ts';
import type { Notes } from '../import21/report.ts';
import { isAscii } from '../pickle/text.ts';
import { type PickleValue, PyBytes, PyDict } from '../pickle/values.ts';
import { fromVerbatim } from './from-verbatim.ts';
import { detailWriters, isAsImported, type MemberDetail } from './member-values.ts';
import { madeUpPassword } from './passwords.ts';
import type { PythonValues } from './python-values.ts';

const ROSTERS = ['members', 'digest_members'] as const;
const DETAILS = Object.keys(detailWriters) as MemberDetail[];

/** All that the members of a list go back with. */
export interface MembersContext {
  readonly list: MailingList;
  /** As Mailman 2.1 had it last; an empty dictionary for a list that it never had. */
  readonly before: PyDict;
  /** What the export takes the place of. */
  readonly there: PyDict;
  readonly texts: TextDecoding;
  readonly values: PythonValues;
  /** What the former members came over as, by the key of their address. */
  readonly imported: ReadonlyMap<string, ImportedMember>;
  readonly notes: Notes;
}

/** Writes the dictionaries of members into a config.pck: an entry that nobody has changed goes back as it came. */
export function writeMembers(context: MembersContext, members: readonly Member[], config: PyDict): void {
  const keys = formerKeys(context);
  const current = new Map(members.map((member) => [member.email, member]));
  const own = new Map<PickleValue, string>([...keys].map(([email, key]) => [comparable(key), email]));
  const takenOver = (key: PickleValue): string | undefined => own.get(comparable(key));
  const rosters = { members: new PyDict(), digest_members: new PyDict() };
  const places: { member: Member; key: PickleValue }[] = [];
  for (const name of ROSTERS) {
    for (const [key, written] of dictOf(context.before, name)) {
      const email = takenOver(key);
      const member = email === undefined ? undefined : current.get(email);
      // What could not be taken over stays there; so does whoever is still a member.
      if (email === undefined || (member && rosterOf(member) === name && isSpelledAsBefore(context, member)))
        rosters[name].set(key, written);
    }
  }
  for (const member of members) {
    const key = keys.get(member.email) ?? newKey(context, member);
    if (key === undefined) continue;
    const roster = rosters[rosterOf(member)];
    if (!roster.has(key)) roster.set(key, spelling(context, member));
    places.push({ member, key });
  }
  for (const name of ROSTERS) config.set(name, rosters[name]);
  for (const name of DETAILS) config.set(name, writeDetail(context, name, places, takenOver));
  config.set('passwords', writePasswords(context, places, takenOver));
}

function writeDetail(
  { before, imported, list, values }: MembersContext,
  name: MemberDetail,
  places: readonly { readonly member: Member; readonly key: PickleValue }[],
  takenOver: (key: PickleValue) => string | undefined,
): PyDict {
  const old = dictOf(before, name);
  const written = new PyDict([...old].filter(([key]) => takenOver(key) === undefined));
  for (const { member, key } of places) {
    const former = imported.get(member.email);
    const value =
      former && isAsImported(name, member, former)
        ? old.get(key)
        : detailWriters[name].write(member, list, values, key);
    if (value !== undefined) written.set(key, value);
  }
  return written;
}

/**
 * A password that is known in clear goes back. One that was used here, so that only a hash is known, stays as it is in
 * Mailman 2.1; where there is none, one is made up, which Mailman 2.1 mails on request.
 */
function writePasswords(
  { before, there, list, values, texts, notes }: MembersContext,
  places: readonly { readonly member: Member; readonly key: PickleValue }[],
  takenOver: (key: PickleValue) => string | undefined,
): PyDict {
  const old = dictOf(before, 'passwords');
  const kept = list.legacySettings.passwords as Verbatim | undefined;
  const aside = kept === undefined ? new PyDict() : fromVerbatim(kept, texts.charset);
  const present = dictOf(there, 'passwords');
  const written = new PyDict();
  for (const [key, value] of old)
    if (takenOver(key) === undefined)
      written.set(key, (aside instanceof PyDict ? aside.get(key) : undefined) ?? value);
  let madeUp = 0;
  for (const { member, key } of places) {
    const marker = old.get(key);
    const clear = member.legacy?.password;
    const hasOdd = marker instanceof PyBytes && marker.length > 0;
    const kept = present.get(key);
    if (hasOdd) written.set(key, marker);
    else if (clear !== undefined) written.set(key, values.personal(clear, marker));
    else if (kept !== undefined) written.set(key, kept);
    else if (marker === undefined && before.size > 0 && takenOver(key) !== undefined) continue;
    else {
      written.set(key, new PyBytes(madeUpPassword()));
      madeUp += 1;
    }
  }
  if (madeUp > 0)
    notes.changedMeaning(
      'passwords',
      `${madeUp} members get a new password, as theirs is not known in clear`,
    );
  return written;
}

/** The keys of the former members, by the key of their address here. */
function formerKeys({ before, texts, imported }: MembersContext): Map<string, PickleValue> {
  const keys = new Map<string, PickleValue>();
  for (const name of ROSTERS) {
    for (const [key, written] of dictOf(before, name)) {
      const address = addressOf(texts, key, written);
      const email = addressKey(address);
      if (isUsableAddress(address) && !keys.has(email) && imported.has(email)) keys.set(email, key);
    }
  }
  return keys;
}

function newKey({ notes }: MembersContext, { originalEmail }: Member): PickleValue | undefined {
  if (isAscii(originalEmail)) return new PyBytes(originalEmail.toLowerCase());
  notes.needsPerson('members', `${originalEmail} is left out: Mailman 2.1 takes no international addresses`);
  return undefined;
}

function rosterOf({ preferences }: Member): (typeof ROSTERS)[number] {
  return (preferences.delivery_mode ?? 'regular') === 'regular' ? 'members' : 'digest_members';
}

function isSpelledAsBefore({ imported }: MembersContext, { email, originalEmail }: Member): boolean {
  return imported.get(email)?.mailbox.address === originalEmail;
}

/** 0, or the address where its local part has capitals. */
function spelling({ values }: MembersContext, { originalEmail }: Member): PickleValue {
  const local = originalEmail.slice(0, originalEmail.lastIndexOf('@'));
  return local === local.toLowerCase() ? 0 : values.bytes(originalEmail);
}

function dictOf(config: PyDict, name: string): PyDict {
  const value = config.get(name);
  return value instanceof PyDict ? value : new PyDict();
}

/** Byte strings and texts of the same characters are one key. */
function comparable(key: PickleValue): PickleValue {
  return key instanceof PyBytes ? key.latin1 : key;
}

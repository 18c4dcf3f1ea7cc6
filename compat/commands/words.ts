import { findMembers } from '../../src/database/members.ts';
import type { CommandMail } from '../../src/flow/commands/command.ts';
import { memberForSender } from '../../src/membership/sender-member.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { Member } from '../../src/model/member.ts';

/** The words of a command of Mailman 2.1, with `address=` taken out. */
export interface Words {
  readonly positional: readonly string[];
  /** Of the membership that is meant, where it is not the sender's. */
  readonly address: string | undefined;
}

/** Splits the words behind a command. Where `address=` stands twice, the last one counts, as in Mailman 2.1. */
export function splitWords(words: readonly string[]): Words {
  const isAddress = (word: string): boolean => /^address=./i.test(word);
  return {
    positional: words.filter((word) => !isAddress(word)),
    address: words.findLast(isAddress)?.slice('address='.length),
  };
}

/** The membership that a command is about: of the address that is named, else of whoever writes. */
export async function memberMeant(
  { step: { connection }, list, sender }: CommandMail,
  address: string | undefined,
): Promise<Member | undefined> {
  if (address === undefined) return memberForSender(connection, list.listId, addressKey(sender.address));
  const key = addressKey(address);
  return (await findMembers(connection, list.listId, 'member', [key])).get(key);
}

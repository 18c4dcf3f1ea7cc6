import type { AddressStage } from '../model/cutover.ts';
import { type SubAddress, subAddresses } from '../model/list-addresses.ts';
import type { MessageMetadata, QueueName } from '../queue/queues.ts';

/** One way to read an address: if there is a list of this name, it is meant. */
export interface Reading {
  readonly listName: string;
  readonly subAddress: SubAddress | undefined;
  /** What follows the delimiter: a token, or the recipient of a VERP address. */
  readonly extension: string | undefined;
}

/** The local part at which Mailman 2.1 lets loops of mail end (mailman21.md 3.1). @param siteList name of the site list */
export function loopAddress(siteList: string): string {
  return `${siteList}-loop`;
}

const QUEUES: Readonly<Record<SubAddress, QueueName>> = {
  bounces: 'bounces',
  confirm: 'command',
  join: 'command',
  leave: 'command',
  owner: 'in',
  request: 'command',
};

/**
 * All ways to read the local part of an address, best first: a list that is really called `help-request` or `c++` wins
 * over a sub-address of `help` or an extension of `c`.
 * @param localPart lower case, as list names are
 * @param delimiter `[mta] verp_delimiter`
 */
export function readings(localPart: string, delimiter: string): Reading[] {
  return cuts(localPart, delimiter).flatMap(({ base, extension }) => {
    const posting: Reading = { listName: base, subAddress: undefined, extension };
    const dash = base.lastIndexOf('-');
    const word = dash > 0 ? base.slice(dash + 1) : '';
    const subAddress = Object.hasOwn(subAddresses, word) ? subAddresses[word] : undefined;
    return subAddress ? [posting, { listName: base.slice(0, dash), subAddress, extension }] : [posting];
  });
}

/** The longest base first, so that the delimiter may occur in a list's name. */
function cuts(
  localPart: string,
  delimiter: string,
): { readonly base: string; readonly extension: string | undefined }[] {
  const found: { base: string; extension: string | undefined }[] = [
    { base: localPart, extension: undefined },
  ];
  if (delimiter === '') return found;
  for (let at = localPart.lastIndexOf(delimiter); at > 0; at = localPart.lastIndexOf(delimiter, at - 1)) {
    found.push({ base: localPart.slice(0, at), extension: localPart.slice(at + delimiter.length) });
  }
  return found;
}

/** Where a message for an address goes, and what travels with it. @param stage what the address says of a list that is moving */
export function route(
  listId: string,
  { subAddress, extension }: Reading,
  siteOwner: string,
  stage?: AddressStage,
): { readonly queue: QueueName; readonly metadata: MessageMetadata } {
  const metadata: MessageMetadata = { listid: listId };
  if (stage !== undefined) metadata.stage = stage;
  if (extension !== undefined) metadata.extension = extension;
  if (subAddress === undefined) return { queue: 'in', metadata: { ...metadata, to_list: true } };
  metadata.subaddress = subAddress;
  if (subAddress === 'request') metadata.to_request = true;
  if (subAddress === 'owner') {
    metadata.to_owner = true;
    metadata.envsender = siteOwner;
  }
  return { queue: QUEUES[subAddress], metadata };
}

import { findList } from '../database/lists.ts';
import { Message } from '../message/message.ts';
import { postingAddress, subAddress } from '../model/mailing-list.ts';
import { verpSender } from './envelope-sender.ts';
import type { PrepareOutgoing } from './outgoing.ts';

/**
 * Sends the message as it is, from the list's -bounces address or from what the metadata says, with VERP where the
 * metadata asks for it.
 */
export const plainOutgoing: PrepareOutgoing = async ({ message, metadata }, { connection, config }) => {
  const list = metadata.listid === undefined ? undefined : await findList(connection, metadata.listid);
  const sender = metadata.envsender ?? (list ? subAddress(list, 'bounces') : config.mailman.site_owner);
  const { headers } = Message.parse(message);
  return {
    listName: list ? postingAddress(list) : (metadata.listid ?? ''),
    messageId: headers.get('Message-ID') ?? '',
    author: metadata.envelope_sender ?? '',
    isIndividual: metadata.verp === true || metadata.personalize === true,
    senderFor: (recipient) =>
      recipient !== undefined && metadata.verp
        ? verpSender(sender, recipient, config.mta.verp_format)
        : sender,
    renderFor: async () => message,
  };
};

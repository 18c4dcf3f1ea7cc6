import { findListToName } from '../database/lists.ts';
import { sealedCopies } from '../flow/arc/sealed-copies.ts';
import { personalCopies } from '../flow/decoration/copies.ts';
import { senderOf } from '../flow/senders.ts';
import { Message } from '../message/message.ts';
import { postingAddress, subAddress } from '../model/mailing-list.ts';
import { sharedVerp, verpSender } from './envelope-sender.ts';
import type { PrepareOutgoing } from './outgoing.ts';

/** How a message that the pipelines have finished leaves: bulk, or one by one with VERP or copies of their own. */
export const prepareOutgoing: PrepareOutgoing = async ({ message, metadata }, step) => {
  const { config, connection } = step;
  const list = await findListToName(connection, metadata.listid ?? '');
  const parsed = Message.parse(message);
  const isIndividual = metadata.verp === true || metadata.personalize === true;
  const sender = metadata.envsender ?? (list ? subAddress(list, 'bounces') : config.mailman.site_owner);
  const copyFor =
    list && isIndividual
      ? await personalCopies(step, { list, message, metadata }, metadata.recipients ?? [])
      : undefined;
  const sealed = sealedCopies(step, list, metadata);
  return {
    listName: list ? postingAddress(list) : '',
    messageId: parsed.headers.get('Message-ID') ?? 'n/a',
    author: senderOf(parsed, metadata, config.mailman.sender_headers),
    isIndividual,
    senderFor: (recipient) =>
      metadata.verp && recipient !== undefined
        ? verpSender(sender, recipient, config.mta.verp_format)
        : sender,
    sharedVerp:
      metadata.verp && !metadata.personalize
        ? sharedVerp(sender, config.mta.verp_format, metadata.add_dup_header)
        : undefined,
    renderFor: async (recipient) =>
      sealed(recipient === undefined || !copyFor ? message : copyFor(recipient)),
  };
};

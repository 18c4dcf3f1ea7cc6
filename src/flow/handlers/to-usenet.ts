import type { Handler } from '../post.ts';

export const toUsenet: Handler = {
  name: 'to-usenet',
  description: 'Gives the gateway to Usenet a copy.',
  makesCopy: true,
  process: async ({ list, message, metadata }, { config, enqueue, log }) => {
    const { gateway_to_news, linked_newsgroup, nntp_host } = list.settings;
    if (!gateway_to_news || metadata.isdigest || metadata.fromusenet) return;
    if (linked_newsgroup === '' || (nntp_host === '' && config.nntp.host === undefined)) {
      log(
        'error',
        `${list.listId}: the gateway to Usenet is on, but no newsgroup or no news server is named`,
      );
      return;
    }
    await enqueue('nntp', message.toBuffer(), {
      listid: list.listId,
      ...(metadata.original_subject === undefined ? {} : { original_subject: metadata.original_subject }),
      ...(metadata.stripped_subject === undefined ? {} : { stripped_subject: metadata.stripped_subject }),
    });
  },
};

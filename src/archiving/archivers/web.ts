import { likelyCharsets } from '../../flow/list-charset.ts';
import { epochFromUtc } from '../../model/time.ts';
import type { Archive } from '../store/archive.ts';
import { prepareMessage } from '../store/prepare.ts';
import type { Archiver } from './archiver.ts';

const HASH = /^[A-Z2-7]{32}$/;

/** Our own archive, whose pages the server serves. Private lists are kept as well: their pages ask who is there. */
export function webArchiver(openArchive: () => Promise<Archive>): Archiver {
  return {
    wants: () => true,
    archive: async ({ list, message, receivedAt }, { config }) => {
      const archive = await openArchive();
      const { id } = (await archive.list(list.listId)) ?? (await archive.openList(list.listId));
      const received = epochFromUtc(receivedAt) * 1000;
      // Permalinks were made of this one; on an anonymous list the Message-ID has another hash.
      const alias = message.headers.get('Message-ID-Hash') ?? '';
      const prepared = prepareMessage(
        {
          bytes: message.toBuffer(),
          separator: 0,
          tail: 0,
          otherDate: { date: Math.round(received), source: 'received' },
          ...(HASH.test(alias) ? { alias } : {}),
        },
        { subjectPrefix: list.settings.subject_prefix, charsets: likelyCharsets(config, list) },
        await archive.dictionary(id),
        received,
      );
      await archive.add(id, [prepared]);
    },
  };
}

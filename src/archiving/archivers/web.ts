import { likelyCharsets } from '../../flow/list-charset.ts';
import { epochFromUtc } from '../../model/time.ts';
import { Batches } from '../batches.ts';
import type { Archive } from '../store/archive.ts';
import type { ArrivingPost } from '../store/incoming.ts';
import type { Archiver } from './archiver.ts';

const HASH = /^[A-Z2-7]{32}$/;

/** Our own archive, whose pages the server serves. Private lists are kept as well: their pages ask who is there. */
export function webArchiver(openArchive: () => Promise<Archive>): Archiver {
  const arrivals = new Map<string, Batches<ArrivingPost>>();
  const arrivalsOf = (listId: string): Batches<ArrivingPost> => {
    const known = arrivals.get(listId);
    if (known) return known;
    const batches = new Batches<ArrivingPost>(
      async (posts) => (await openArchive()).addPosts(listId, posts),
      ({ bytes }) => bytes.length,
    );
    arrivals.set(listId, batches);
    return batches;
  };
  return {
    wants: () => true,
    archive: async ({ list, message, receivedAt }, { config }) => {
      // Permalinks were made of this one; on an anonymous list the Message-ID has another hash.
      const alias = message.headers.get('Message-ID-Hash') ?? '';
      await arrivalsOf(list.listId).add({
        bytes: message.toBuffer(),
        receivedAt: epochFromUtc(receivedAt) * 1000,
        traits: { subjectPrefix: list.settings.subject_prefix, charsets: likelyCharsets(config, list) },
        ...(HASH.test(alias) ? { alias } : {}),
      });
    },
  };
}

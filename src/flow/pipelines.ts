import { acknowledge } from './handlers/acknowledge.ts';
import { afterDelivery } from './handlers/after-delivery.ts';
import { arcSign } from './handlers/arc-sign.ts';
import { avoidDuplicates } from './handlers/avoid-duplicates.ts';
import { cleanse } from './handlers/cleanse.ts';
import { cleanseDkim } from './handlers/cleanse-dkim.ts';
import { cookHeaders } from './handlers/cook-headers.ts';
import { decorate } from './handlers/decorate.ts';
import { dmarc } from './handlers/dmarc.ts';
import { fileRecipients } from './handlers/file-recipients.ts';
import { memberRecipients } from './handlers/member-recipients.ts';
import { mimeDelete } from './handlers/mime-delete.ts';
import { ownerRecipients } from './handlers/owner-recipients.ts';
import { replybot } from './handlers/replybot.ts';
import { rfc2369 } from './handlers/rfc-2369.ts';
import { scrubber } from './handlers/scrubber.ts';
import { subjectPrefix } from './handlers/subject-prefix.ts';
import { tagger } from './handlers/tagger.ts';
import { toArchive } from './handlers/to-archive.ts';
import { toDigest } from './handlers/to-digest.ts';
import { toOutgoing } from './handlers/to-outgoing.ts';
import { toUsenet } from './handlers/to-usenet.ts';
import { validateAuthenticity } from './handlers/validate-authenticity.ts';
import type { Handler } from './post.ts';

/** A way through handlers, under Mailman's name. */
export interface Pipeline {
  readonly name: string;
  readonly description: string;
  readonly handlers: readonly Handler[];
}

/** All handlers, also those that stand in no pipeline of Mailman's. */
export const handlers: readonly Handler[] = [
  acknowledge,
  afterDelivery,
  arcSign,
  avoidDuplicates,
  cleanse,
  cleanseDkim,
  cookHeaders,
  decorate,
  dmarc,
  fileRecipients,
  memberRecipients,
  mimeDelete,
  ownerRecipients,
  replybot,
  rfc2369,
  scrubber,
  subjectPrefix,
  tagger,
  toArchive,
  toDigest,
  toOutgoing,
  toUsenet,
  validateAuthenticity,
];

/** In Mailman's order, but for the scrubber: archive, digest and news get a post with all that was attached. */
const defaultPosting: Pipeline = {
  name: 'default-posting-pipeline',
  description: 'The way of a post that was accepted.',
  handlers: [
    validateAuthenticity,
    mimeDelete,
    tagger,
    memberRecipients,
    avoidDuplicates,
    cleanse,
    cleanseDkim,
    cookHeaders,
    subjectPrefix,
    rfc2369,
    toArchive,
    toDigest,
    toUsenet,
    scrubber,
    afterDelivery,
    acknowledge,
    dmarc,
    toOutgoing,
  ],
};

const defaultOwner: Pipeline = {
  name: 'default-owner-pipeline',
  description: 'The way of mail to the owners.',
  handlers: [ownerRecipients, toOutgoing],
};

const virgin: Pipeline = {
  name: 'virgin',
  description: 'The way of mail that the server itself has written.',
  handlers: [cookHeaders, rfc2369, toOutgoing],
};

const outgoing: Pipeline = {
  name: 'outgoing',
  description: 'The way of mail that another server had all but sent.',
  handlers: [toOutgoing],
};

export const pipelines: readonly Pipeline[] = [defaultOwner, defaultPosting, virgin, outgoing];

/** The pipeline of this name; undefined where there is none. */
export function findPipeline(name: string): Pipeline | undefined {
  return pipelines.find((pipeline) => pipeline.name === name);
}

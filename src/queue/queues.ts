import type { AddressStage } from '../model/cutover.ts';

/** The queues of Mailman, by its names. `shunt` holds what broke a step, `bad` what was set aside. */
export const queueNames = [
  'archive',
  'bad',
  'bounces',
  'command',
  'digest',
  'in',
  'nntp',
  'out',
  'pipeline',
  'shunt',
  'virgin',
] as const;
export type QueueName = (typeof queueNames)[number];

/**
 * What travels with a message, as JSON. The names are Mailman's where Mailman has them; each queue uses a part.
 * A key that is absent means "no".
 */
export interface MessageMetadata {
  /** The List-Id that the message is for. */
  listid?: string;
  /** RFC 5321 envelope sender with which it arrived; '' for the null sender. */
  envelope_sender?: string;
  /** The envelope sender with which it leaves, where that is not the list's -bounces address. */
  envsender?: string;
  /** When it was accepted. */
  received_time?: string;
  /** Octets as it arrived. */
  original_size?: number;
  /** The list is moving, and Mailman 2 gets the mail as well: what may be done with it here. */
  stage?: AddressStage;
  /** A post on its way to Mailman 2: whether that has it is still open. */
  relayed?: boolean;
  /** The record of a post that Mailman 2 has accepted, and this server would not have (see compat/cutover/alongside.ts). */
  shadow_id?: string;
  to_list?: boolean;
  to_owner?: boolean;
  to_request?: boolean;
  /** `bounces`, `confirm`, `join`, `leave`, `owner`, `request`: what the list's address was for. */
  subaddress?: string;
  /** For the archive queue: names of the archivers that do not have the post yet; all of them otherwise. */
  archivers_left?: string[];
  /** The token of `-confirm+TOKEN`, or the extension of a VERP address. */
  extension?: string;
  /** The language in which the list speaks to the sender. */
  lang?: string;
  /** Made by the list server itself: no prefix, no decoration, reduced List-* headers. */
  virgin?: boolean;
  nodecorate?: boolean;
  reduced_list_headers?: boolean;
  isdigest?: boolean;
  noack?: boolean;
  fromusenet?: boolean;
  /** The chain was passed by a moderator's or a password's word. */
  approved?: boolean;
  moderator_approved?: boolean;
  /** Names of rules in the order they were tried. */
  rule_hits?: string[];
  rule_misses?: string[];
  /** Why it is held, rejected or discarded; texts for people, in English. */
  moderation_reasons?: string[];
  /** What the list's owners say to whom they reject, instead of the reasons. */
  rejection_notice?: string;
  moderation_sender?: string;
  /** What `moderation` chains do: an action's name. */
  member_moderation_action?: string;
  /** The DMARC rule asks for mitigation of this message. */
  dmarc?: boolean;
  dmarc_action?: 'reject' | 'discard';
  /**
   * What is known about where the message comes from: results as in Authentication-Results (RFC 8601), and the state of
   * the ARC chain it came with; `unknown` where name servers did not answer.
   */
  authentication?: { results: readonly string[]; chain: 'none' | 'pass' | 'fail' | 'unknown' };
  /** The key of the first sender, where an anonymous list has hidden it since. */
  original_sender?: string;
  original_subject?: string;
  stripped_subject?: string;
  /** The number that the post has taken from the list's counter. */
  post_number?: number;
  /** The header section as its author wrote it, one character per byte, where DMARC mitigation will wrap the message. */
  authored_headers?: string;
  /** Topics that the message belongs to. */
  topichits?: string[];
  /** Whom it goes to, as addresses are written. */
  recipients?: string[];
  /** Members addressed directly, who get `X-Mailman-Copy: yes`. */
  add_dup_header?: string[];
  verp?: boolean;
  /** Whether recipients get copies of their own. */
  personalize?: boolean;
  /** For personalised copies: what stands before and behind the text, with the placeholders of each reader unfilled. */
  frame?: Frame;
  /** Recipients that the last attempt left, and when to give up on them if there are no fewer. */
  last_recip_count?: number;
  deliver_until?: string;
  /** For the bounces queue: the token of a probe. */
  probe_token?: string;
  /** The pipeline to go through; a list's own otherwise. */
  pipeline?: string;
  /** Where it was when it broke (shunt). */
  whichq?: QueueName;
  /** In the command queue: not a mail, but members of whom their list speaks (see membership/announcements.ts). */
  announcement?: { change: 'joined' | 'left' | 'invited'; to_person: boolean; to_owners: boolean };
  /**
   * For the digest queue: which digest is to be written, and who gets it in which form, as addresses are written; absent
   * where a post is to be added to the next one.
   */
  digest?: { volume: number; number: number; mime: readonly string[]; plain: readonly string[] };
}

/** Header and footer of posts, as the templates have them. */
export interface Frame {
  readonly header: string;
  readonly footer: string;
}

/** Something about the site that an administrator should know. */
export interface Finding {
  /** decision: a person must choose or mend before the move; change: works, but otherwise than before. */
  readonly kind: 'decision' | 'change';
  /** Name of the list; null for the whole site. */
  readonly list: string | null;
  readonly subject: string;
  readonly text: string;
}

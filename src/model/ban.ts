/** Who may not join or post: an address, or a regular expression starting with `^`; on one list or (null) on all. */
export interface Ban {
  readonly listId: string | null;
  readonly email: string;
}

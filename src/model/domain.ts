/** A mail domain that lists live in. */
export interface Domain {
  readonly mailHost: string;
  readonly description: string | null;
  /** The fictitious domain to which Postfix's virtual aliases rewrite (dual-run). */
  readonly aliasDomain: string | null;
}

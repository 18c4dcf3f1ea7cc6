import type { Preferences } from './preferences.ts';
import type { UtcTime } from './time.ts';

/** A person, who may have several addresses. */
export interface User {
  readonly userId: string;
  readonly displayName: string;
  /** A hash, or null where none was ever set. */
  readonly password: string | null;
  readonly isServerOwner: boolean;
  readonly createdOn: UtcTime;
  readonly preferences: Preferences;
}

import type { Preferences } from './preferences.ts';
import type { UtcTime } from './time.ts';

/** An e-mail address that the system knows. */
export interface Address {
  readonly addressId: string;
  /** The key (see addressKey). */
  readonly email: string;
  /** As its owner writes it. */
  readonly originalEmail: string;
  readonly displayName: string;
  readonly registeredOn: UtcTime;
  readonly verifiedOn: UtcTime | null;
  readonly userId: string | null;
  readonly preferences: Preferences;
}

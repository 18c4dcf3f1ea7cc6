import type { Check } from './check.ts';
import { followKeepsUp } from './follow-keeps-up.ts';
import { importIsVerified } from './import-is-verified.ts';
import { readyForMail } from './ready-for-mail.ts';

/** What must be true of a list alone before members get its posts from here. */
export const listIsReady: readonly Check[] = [importIsVerified, followKeepsUp];

/** What must be true before members get posts from here. */
export const readyToDeliver: readonly Check[] = [...readyForMail, ...listIsReady];

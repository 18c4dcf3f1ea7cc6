import { aliasDomainIsSet } from './alias-domain-is-set.ts';
import type { Check } from './check.ts';
import { lmtpAnswers } from './lmtp-answers.ts';
import { mailman2IsReached } from './mailman2-is-reached.ts';
import { postfixUsesMaps } from './postfix-uses-maps.ts';

/** What must be true before mail of a list may come here. */
export const readyForMail: readonly Check[] = [
  aliasDomainIsSet,
  postfixUsesMaps,
  mailman2IsReached,
  lmtpAnswers,
];

import type { Detector } from '../detection.ts';
import { aol } from './aol.ts';
import { caiwireless } from './caiwireless.ts';
import { compuserve } from './compuserve.ts';
import { domino } from './domino.ts';
import { dsn } from './dsn.ts';
import { exchange } from './exchange.ts';
import { exim } from './exim.ts';
import { gmail } from './gmail.ts';
import { groupwise } from './groupwise.ts';
import { james } from './james.ts';
import { kddi } from './kddi.ts';
import { kundenserver } from './kundenserver.ts';
import { llnl } from './llnl.ts';
import { mailmarshal } from './mailmarshal.ts';
import { mailru } from './mailru.ts';
import { mdaemon } from './mdaemon.ts';
import { messagingServer } from './messaging-server.ts';
import { microsoft } from './microsoft.ts';
import { netscape } from './netscape.ts';
import { opensmtpd } from './opensmtpd.ts';
import { postfix } from './postfix.ts';
import { qmail } from './qmail.ts';
import { sendmail } from './sendmail.ts';
import { simpleMatches } from './simple-matches.ts';
import { simpleWarnings } from './simple-warnings.ts';
import { sina } from './sina.ts';
import { smtp32 } from './smtp32.ts';
import { yahoo } from './yahoo.ts';
import { yale } from './yale.ts';

/**
 * All formats of free text, in the order in which they are tried: the first that finds something is right. Warnings
 * come first, because they often use the words of failures; the most general ones come last.
 */
export const textDetectors: readonly Detector[] = [
  exim,
  simpleWarnings,
  postfix,
  qmail,
  yahoo,
  gmail,
  exchange,
  groupwise,
  smtp32,
  sendmail,
  mdaemon,
  compuserve,
  aol,
  netscape,
  caiwireless,
  domino,
  messagingServer,
  mailmarshal,
  james,
  opensmtpd,
  kddi,
  sina,
  llnl,
  yale,
  mailru,
  kundenserver,
  simpleMatches,
  microsoft,
];

/** The standard. */
export const standardDetector: Detector = dsn;

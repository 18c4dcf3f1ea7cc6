import type { Target } from '../target.ts';
import { archived, mbox, pages, queries } from './archive.ts';
import { results, signatures } from './authentication.ts';
import { addresses, charsets, encodedWords, parameters, recipients, subjects } from './header-values.ts';
import { headers, reception } from './headers.ts';
import { paths, restRequests } from './http.ts';
import { commands, digests, flow } from './lists.ts';
import { lmtp } from './lmtp.ts';
import { contentFilter, html, mime } from './mime.ts';
import { configList, logs, mmCfg, pipermail, waiting } from './old-server.ts';
import { pickles } from './pickles.ts';
import { bounces, commandText } from './reports.ts';
import { smtpReplies } from './smtp-replies.ts';
import { config, patterns, templates } from './texts.ts';

/** All that reads what comes from outside. */
export const targets: readonly Target[] = [
  ...[headers, reception, mime, contentFilter, html],
  ...[addresses, encodedWords, subjects, parameters, charsets, recipients],
  ...[results, signatures],
  ...[bounces, commandText, commands, lmtp, smtpReplies],
  ...[pickles, config, templates, patterns],
  ...[flow, digests],
  ...[archived, pages, mbox, queries],
  ...[pipermail, configList, mmCfg, logs, waiting],
  ...[restRequests, paths],
];

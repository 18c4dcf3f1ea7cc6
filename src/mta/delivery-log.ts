import type { Config } from '../config/index.ts';
import { substitute } from '../config/substitute.ts';
import type { Log } from '../queue/step.ts';
import type { Outgoing, RefusedRecipient } from './outgoing.ts';

/** Which line of `[logging.smtp]`. */
type Line = 'every' | 'success' | 'refused' | 'failure';

/** What happened to a message in one attempt. */
export interface AttemptSummary {
  readonly recipients: number;
  readonly octets: number;
  readonly seconds: number;
  /** Refused or deferred. */
  readonly failed: readonly RefusedRecipient[];
}

/** Writes the lines of `[logging.smtp]` for one attempt; a template that is `no` or empty switches its line off. */
export function logAttempt(
  { loggers }: Config,
  log: Log,
  { messageId, listName, author }: Outgoing,
  { recipients, octets, seconds, failed }: AttemptSummary,
): void {
  const write = (line: Line, own: Readonly<Record<string, string>>): void => {
    const template = loggers.get('smtp')?.[line] ?? '';
    if (template === '' || template.toLowerCase() === 'no') return;
    const values: Readonly<Record<string, string>> = {
      msgid: messageId,
      listname: listName,
      sender: author,
      recip: String(recipients),
      size: String(octets),
      time: seconds.toFixed(3),
      refused: String(failed.length),
      ...own,
    };
    log(
      'smtp',
      substitute(template, (name) => values[name]),
    );
  };
  write('every', {});
  write(failed.length === 0 ? 'success' : 'refused', {});
  for (const { recipient, code, text } of failed) {
    write('failure', { recip: recipient, smtpcode: String(code), smtpmsg: text });
  }
}

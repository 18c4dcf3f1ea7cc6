import { en, type MessageKey } from './messages/en.ts';
import type { Say } from './messages/index.ts';

type ReasonKey = Extract<MessageKey, `reason_${string}`>;

/**
 * A reason for holding or returning a post, in another language. Reasons are stored in English, the log's language;
 * one that is not among the fixed texts (a moderator's own words) stays as it is.
 */
export function translateReason(reason: string, say: Say): string {
  for (const key of reasonKeys) {
    const values = match(en[key], reason);
    // The names in the values are those of the text that they were found by.
    if (values)
      return (say as (key: MessageKey, values: Readonly<Record<string, string>>) => string)(key, values);
  }
  return reason;
}

const reasonKeys = Object.keys(en).filter((key): key is ReasonKey => key.startsWith('reason_'));

/** The value of the one placeholder that a text may have; undefined where the text is another one. */
function match(text: string, reason: string): Readonly<Record<string, string>> | undefined {
  const [before = '', name, after = ''] = text.split(/\{(\w+)\}/);
  if (name === undefined) return text === reason ? {} : undefined;
  const fits =
    reason.length >= before.length + after.length && reason.startsWith(before) && reason.endsWith(after);
  return fits ? { [name]: reason.slice(before.length, reason.length - after.length) } : undefined;
}

import { decodeHeader } from './encoded-words.ts';
import type { Message } from './message.ts';

const MAX_HEADER = 2000;

/** Headers that only programs which answer for a person write. */
const MARKS = [
  'X-Autoreply',
  'X-Autorespond',
  'X-Autoresponder',
  'X-Auto-Reply-From',
  'X-Vacation',
  'X-Mail-Autoreply',
  'X-FC-MachineGenerated',
  'X-Challenge-Response',
  'X-ASK-Auth',
  'X-TMDA-Confirm-Done',
  'X-Boxtrapper',
  'X-Spamarrest-Noauth',
] as const;

/** How subjects of vacation notices begin, in the languages that lists meet. */
const AWAY =
  /^(?:(?:re|aw|sv|fwd?):\s{0,4})?(?:out of (?:the )?office|auto(?:matic)?[ -]?(?:re(?:ply|sponse|sponder)|answer)|\[auto[ -]?reply\]|vacation|away from my mail|on (?:vacation|holiday|leave)|abwesenheits?|automatische antwort|automatisch antwoord|r[eé]ponse automatique|absence|respuesta autom[aá]tica|resposta autom[aá]tica|risposta automatica|fuori (?:sede|ufficio)|automatyczna odpowied|autosvar|automaattinen vastaus|автоответ|自動(?:返信|応答)|不在|自动回复|자동 ?응답)/iu;

/** How subjects of mail begin that wants a person to prove to be one. */
const CHALLENGE =
  /^(?:(?:re|aw|fwd?):\s{0,4})?(?:please confirm (?:your|the|receipt|delivery)|confirm(?:ation)? (?:of your (?:message|mail|e-?mail)|required|needed)|your (?:e-?mail|message|mail) requires (?:verification|confirmation)|verification required|verify#|\[?spam ?arrest|please verify|sender verification|message (?:awaiting|pending) (?:verification|confirmation))/i;

const DAEMON =
  /\b(?:mailer[-_]?daemon|mail[-_ ]?daemon|mdaemon|postmaster|mail delivery (?:sub)?system|mail administrator|mailerdaemon)\b/i;

/** What no person is called, unlike postmaster. */
const PROGRAM = /\b(?:mailer[-_]?daemon|mail[-_ ]?daemon|mail delivery (?:sub)?system)\b/i;

/** How subjects of returned mail put it. `\b` would see no word where a letter is not of ASCII. */
const FAILURE =
  /(?<![\p{L}\p{N}])(?:undeliver(?:able|ed)|returned (?:mail|to sender)|returning message|delivery (?:status|failure|has failed|failed|report|problem|notification)|failure (?:notice|delivery)|mail (?:delivery|system error)|non[- ]?deliver|unzustellbar|nicht zustellbar|non remis|[eé]chec de (?:remise|la remise))|配信(?:不能|不可|でき|エラー|失敗|状況)|送信(?:不能|でき|エラー|失敗)|配達(?:不能|でき|エラー|失敗)/iu;

/**
 * Whether this answers for a person who is away, or asks the sender to prove to be a person: mail that did arrive, and
 * must not count as a bounce. Reports of mail servers may say `Auto-Submitted: auto-replied` too (RFC 3834 5).
 */
export function isAutoReply(message: Message): boolean {
  const { headers, root } = message;
  const text = (name: string): string => decodeHeader((headers.get(name) ?? '').slice(0, MAX_HEADER)).trim();
  // Dovecot says with the report that something was read that it has refused for lack of room.
  if (/^auto-replied \(rejected\)/i.test(text('Auto-Submitted'))) return false;
  if (isMarkedAsAutoReply(message)) return true;
  const reportType = root.contentType.parameters.get('report-type')?.toLowerCase();
  // What was read or thrown away has arrived; what was called spam as well (RFC 8098, RFC 5965).
  if (reportType === 'disposition-notification' || reportType === 'feedback-report') return true;
  const subject = text('Subject');
  if (AWAY.test(subject) || CHALLENGE.test(subject)) return true;
  return /^auto-replied\b/i.test(text('Auto-Submitted')) && !isFromMailServer(message);
}

/** Whether this says of itself that no person has sent it (RFC 3834 5); its value may have a comment. */
export function isAutoSubmitted({ headers }: Message): boolean {
  const value = (headers.get('Auto-Submitted') ?? '').trim();
  return value !== '' && !/^no(?![\w-])/i.test(value);
}

/** Whether headers that no person's mail has say that a program answers for somebody. */
export function isMarkedAsAutoReply({ headers }: Message): boolean {
  return MARKS.some((name) => headers.has(name)) || /^auto[-_]reply/i.test(headers.get('Precedence') ?? '');
}

/** Whether a mail server seems to have written this, of its own accord. */
export function isFromMailServer({ headers, root }: Message): boolean {
  const text = (name: string): string => decodeHeader((headers.get(name) ?? '').slice(0, MAX_HEADER));
  const { type, subtype, parameters } = root.contentType;
  if (type === 'multipart' && subtype === 'report')
    return (parameters.get('report-type') ?? 'delivery-status').toLowerCase() === 'delivery-status';
  return DAEMON.test(text('From')) || FAILURE.test(text('Subject'));
}

/** The same, where a person who is called postmaster may have written it. */
export function isReturnedMail({ headers }: Message): boolean {
  const text = (name: string): string => decodeHeader((headers.get(name) ?? '').slice(0, MAX_HEADER));
  // The name of a list may be any word.
  const subject = text('Subject').replace(/\S{1,300}@\S{1,300}/g, '');
  return PROGRAM.test(text('From')) || FAILURE.test(subject);
}

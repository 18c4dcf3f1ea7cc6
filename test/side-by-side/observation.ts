/** A mail that the receiving mail server got. */
export interface SeenMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As latin1, with CRLF and without dot-stuffing. */
  readonly message: string;
}

/** What a server did with one mail to one list. */
export interface Observation {
  readonly mail: string;
  /** The local part that it went to. */
  readonly list: string;
  /** Of LMTP, to the message. */
  readonly reply: string;
  /** Lines of the log that decide: `ACCEPT: `, `HOLD: `, … */
  readonly decisions: readonly string[];
  readonly held: readonly { readonly reason: string; readonly message: string }[];
  readonly mails: readonly SeenMail[];
  /** Errors of what could not be processed. */
  readonly shunted: readonly string[];
}

/** What one server did with all of them. */
export interface Run {
  /** As the server calls itself. */
  readonly version: string;
  /** Day of the run, `2026-11-21`. */
  readonly date: string;
  readonly observations: readonly Observation[];
}

/** A server that takes mail. */
export interface Side {
  readonly version: string;
  readonly lmtpPort: number;
  /** Waits until the mail is through, and tells what came of it since the last time. */
  outcome(list: string): Promise<Omit<Observation, 'mail' | 'list' | 'reply'>>;
  /** Brings the number of a list's next post to where the other server had it. */
  follow?(theirs: Observation): Promise<void>;
  close(): Promise<void>;
}

/** Only these lines tell what became of a post. */
export const DECISION = /^(?:ACCEPT|HOLD|REJECT|DISCARD|OWNER)\b| (?:discarded|rejected) by "/;

/** What the sink has got, without RFC 5321's doubled dots. */
export function seenMails(
  mails: readonly {
    readonly sender: string;
    readonly recipients: readonly string[];
    readonly message: Buffer;
  }[],
): SeenMail[] {
  return mails.map(({ sender, recipients, message }) => ({
    sender,
    recipients,
    message: message.toString('latin1').replace(/(^|\r\n)\./g, '$1'),
  }));
}
